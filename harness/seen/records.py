"""What is seen: one record a probe. An expectation is a record with the rest left out.

A probe fills every field of its record. A scenario writes the same record with only the fields that
it wants to pin; the fixture implies the others (``harness.judge.implied``). Tokens appear by name,
never as themselves: ``access-0``, ``refresh-0``, ``id-0`` and ``api-key`` lie in the home at the
start, ``access-1`` is in the first grant of the token endpoint, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, Literal

import attrs
from attrs import Attribute, field, frozen

from harness.declare.checks import takes


class Unset(Enum):
    """The type of ``UNSET``."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
"""A field that an expectation leaves open."""


@frozen(eq=False, repr=False)
class Matcher:
    r"""An expected text that is not known to the letter: ``matching(r"status \d+")``."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        """Whether the regular expression is found in ``other``."""
        return isinstance(other, str) and re.search(self.pattern, other) is not None

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show how the matcher is written."""
        return f"matching({self.pattern!r})"


def matching(pattern: str) -> Matcher:
    """Return an expectation that any text meets in which the regular expression is found."""
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"matching({pattern!r}) takes a regular expression: {error}"
        raise ValueError(message) from error
    return Matcher(pattern)


@frozen(eq=False, repr=False)
class AtMost:
    """An expected number that chance decides, from 0 to ``limit``."""

    limit: int

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is a number in the range."""
        return isinstance(other, int) and 0 <= other <= self.limit

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show how the matcher is written."""
        return f"at_most({self.limit})"


def at_most(limit: int) -> AtMost:
    """Return an expectation for the count of a request that Codex makes in the background.

    It may be made late, twice, or not at all when Codex ends before.
    """
    return AtMost(limit)


AuthFile = Literal["absent", "created", "removed", "rewritten", "untouched"]
"""What became of ``auth.json`` between two looks at the home."""


def _frozen_list(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _seen(*kinds: type | None) -> Any:
    """Return a field of a record: one of ``kinds``, ``UNSET``, or a matcher where text may be."""
    check = takes(*kinds)

    def validate(record: object, attribute: Attribute[Any], value: object) -> None:
        if value is not UNSET and not (str in kinds and isinstance(value, Matcher)):
            check(record, attribute, value)

    return field(default=UNSET, converter=_frozen_list, validator=validate)


@frozen
class RpcError:
    """A JSON-RPC error; Codex uses -32600 (invalid request) and -32603 (internal error)."""

    code: Any = field()
    message: Any = field()


@frozen(kw_only=True)
class Start:
    """``initialize``.

    Args:
        outcome: ``"initialized"``, or what happened instead (``"exited 1"``, ``"hung"``).
        stderr: what a Codex that did not start said last.
    """

    outcome: Any = _seen(str)
    stderr: Any = _seen(str)


@frozen(kw_only=True)
class Read:
    """``account/read {refreshToken: false}``.

    Args:
        account: the ``account`` of the answer, as on the wire.
        requires_openai_auth: its ``requiresOpenaiAuth``.
        error: an ``RpcError`` instead of an answer; ``None`` when it went well; text when Codex
            hung or died.
    """

    account: Any = _seen(dict, None)
    requires_openai_auth: Any = _seen(bool, None)
    error: Any = _seen(RpcError, str, None)


@frozen(kw_only=True)
class Status:
    """``getAuthStatus {includeToken: true, refreshToken: false}``.

    Args:
        auth_method: ``authMethod``, for example ``"chatgpt"`` or ``"apikey"``.
        auth_token: the name of ``authToken``.
        requires_openai_auth: ``requiresOpenaiAuth``.
        error: as in ``Read``.
    """

    auth_method: Any = _seen(str, None)
    auth_token: Any = _seen(str, None)
    requires_openai_auth: Any = _seen(bool, None)
    error: Any = _seen(RpcError, str, None)


@frozen(kw_only=True)
class Limits:
    """``account/rateLimits/read``.

    Args:
        plan_type: ``rateLimits.planType``.
        used_percent: ``rateLimits.primary.usedPercent``.
        error: as in ``Read``.
    """

    plan_type: Any = _seen(str, None)
    used_percent: Any = _seen(int, float, None)
    error: Any = _seen(RpcError, str, None)


@frozen(kw_only=True)
class Turn:
    """``thread/start`` and ``turn/start``, up to ``turn/completed``.

    Args:
        outcome: the turn's status, ``"completed"`` or ``"failed"``; ``"refused"`` when an RPC
            answered with an error; ``"hung"`` or ``"exited N"``.
        message: the text of the error.
        kind: the ``codexErrorInfo`` of a failed turn; the code of an RPC error.
        bearers: the bearer of every request to the model, in order.
        account_ids: the ``ChatGPT-Account-ID`` of every request to the model, in order.
    """

    outcome: Any = _seen(str)
    message: Any = _seen(str, None)
    kind: Any = _seen(str, dict, int, None)
    bearers: Any = _seen(tuple)
    account_ids: Any = _seen(tuple)


@frozen(kw_only=True)
class Home:
    """The codex home after the reading probes and the turn, when the app-server has ended.

    Args:
        auth_json: what became of the file.
        auth: its contents with tokens by name, ``last_refresh`` left out; ``None``: no JSON.
        layout: whether its bytes are what Codex would write for those values; ``None``: no file.
        mode: its permissions, for example ``"0600"``.
        appeared: files beside those that every run leaves behind.
        exit: how the app-server ended: ``"0"``, ``"-9"`` (a signal) or ``"hung"``.
    """

    auth_json: Any = _seen(str)
    auth: Any = _seen(dict, None)
    layout: Any = _seen(bool, None)
    mode: Any = _seen(str, None)
    appeared: Any = _seen(tuple)
    exit: Any = _seen(str)


@frozen(kw_only=True)
class Requests:
    """Every request that the backend received from the reading probes and the turn.

    Args:
        counts: how often each ``"METHOD /path"`` was asked for. An expectation names the endpoints
            for which it differs from what is implied, with 0 for one that is not asked.
        refreshed_with: the refresh tokens that were redeemed, in order.
        revoked: the tokens that were revoked, in order.
    """

    counts: Any = _seen(dict)
    refreshed_with: Any = _seen(tuple)
    revoked: Any = _seen(tuple)


@frozen(kw_only=True)
class Refresh:
    """A settled Codex on a fresh home: ``account/read {refreshToken: true}``, ``getAuthStatus``.

    Args:
        account, error: as in ``Read``.
        auth_method, auth_token: as in ``Status``, asked afterwards.
        auth_json, auth, mode: as in ``Home``.
        counts, refreshed_with: as in ``Requests``.
    """

    account: Any = _seen(dict, None)
    error: Any = _seen(RpcError, str, None)
    auth_method: Any = _seen(str, None)
    auth_token: Any = _seen(str, None)
    auth_json: Any = _seen(str)
    auth: Any = _seen(dict, None)
    mode: Any = _seen(str, None)
    counts: Any = _seen(dict)
    refreshed_with: Any = _seen(tuple)


@frozen(kw_only=True)
class Logout:
    """A settled Codex on a fresh home: ``account/logout``, then ``account/read``.

    Args:
        error: as in ``Read``.
        notifications: the ``account/…`` notifications from the logout on, as
            ``{"method": …, "params": …}``.
        account: the account afterwards.
        auth_json: as in ``Home``.
        revoked, refreshed_with, counts: as in ``Requests``.
    """

    error: Any = _seen(RpcError, str, None)
    notifications: Any = _seen(tuple)
    account: Any = _seen(dict, None)
    auth_json: Any = _seen(str)
    revoked: Any = _seen(tuple)
    refreshed_with: Any = _seen(tuple)
    counts: Any = _seen(dict)


@frozen(kw_only=True)
class CliStatus:
    """``codex login status``, on a fresh home.

    Args:
        exit_code: the exit code, or ``None`` for one that had to be killed.
        text: what it printed, standard output before standard error.
        auth_json: as in ``Home``.
        counts: as in ``Requests``.
    """

    exit_code: Any = _seen(int, None)
    text: Any = _seen(str)
    auth_json: Any = _seen(str)
    counts: Any = _seen(dict)


@frozen(kw_only=True)
class CliLogout:
    """``codex logout``, in the home that ``codex login status`` left.

    Args:
        exit_code, text, auth_json, counts: as in ``CliStatus``.
        revoked: as in ``Requests``.
    """

    exit_code: Any = _seen(int, None)
    text: Any = _seen(str)
    auth_json: Any = _seen(str)
    revoked: Any = _seen(tuple)
    counts: Any = _seen(dict)


Record = (
    Start
    | Read
    | Status
    | Limits
    | Turn
    | Home
    | Requests
    | Refresh
    | Logout
    | CliStatus
    | CliLogout
)


def _probe(record: type) -> Any:
    return field(factory=record, validator=takes(record))


@frozen(kw_only=True)
class Expect:
    """What must be seen, one record a probe; what is left out is implied by the fixture."""

    start: Start = _probe(Start)
    read: Read = _probe(Read)
    status: Status = _probe(Status)
    limits: Limits = _probe(Limits)
    turn: Turn = _probe(Turn)
    home: Home = _probe(Home)
    requests: Requests = _probe(Requests)
    refresh: Refresh = _probe(Refresh)
    logout: Logout = _probe(Logout)
    cli_status: CliStatus = _probe(CliStatus)
    cli_logout: CliLogout = _probe(CliLogout)

    def over(self, implied: Expect) -> Expect:
        """Return ``implied`` with every field replaced that this one pins."""
        return Expect(
            **{probe: _over(getattr(self, probe), getattr(implied, probe)) for probe in PROBES}
        )


PROBES: Final = tuple(attribute.name for attribute in attrs.fields(Expect))
"""The names of the probes, in the order of the matrix."""


def _over(pinned: Any, implied: Any) -> Any:
    """Return ``implied`` with the fields of ``pinned``; counts endpoint by endpoint."""
    fields = dict(fields_of(pinned))
    if "counts" in fields:
        base = {} if implied.counts is UNSET else implied.counts
        counts = {**base, **fields["counts"]}
        fields["counts"] = {endpoint: count for endpoint, count in counts.items() if count}
    return attrs.evolve(implied, **fields)


def fields_of(record: Any) -> Mapping[str, Any]:
    """Return the fields of ``record`` that are set, by name."""
    values = attrs.asdict(record, recurse=False)
    return {name: value for name, value in values.items() if value is not UNSET}
