"""What is seen: one record a probe. An expectation is a record with the rest left out.

A probe fills every field of its record. A scenario writes the same record with only the fields that
it wants to pin; the fixture implies the others (``harness.judge.implied``). Tokens appear by name,
never as themselves: ``access-0``, ``refresh-0``, ``id-0`` and ``api-key`` lie in the home at the
start, ``access-1`` is in the first grant of the token endpoint, and so on; ``host-0`` is the first
token that a host hands over, ``$CODEX_ACCESS_TOKEN`` the one in that variable. A key that a login
hands over is ``api-key``, too, or ``api-key-2`` where one lies in the home.

``account``, ``auth``, ``kind`` and notifications may hold more members than are expected, since
releases add some. ``counts`` is exact: no request more, none less. A request to another machine
fails its cell whatever is expected, unless the scenario names the machine in ``reaches``. Where
``start`` is expected to fail, nothing else needs to be said of the app-server. That a step of a
story goes well, and sees the home as it was declared, is implied, and so is what is said of a
login, a visit and a logout that go well; what a command prints and what is heard is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, TypeVar, get_args

import attrs
from attrs import Attribute, field, frozen

from harness.declare.checks import frozen_list, takes

R = TypeVar("R")


class Unset(Enum):
    """The type of ``UNSET`` and ``UNSAID``."""

    UNSET = "unset"
    UNSAID = "unsaid"

    def __repr__(self) -> str:
        """Show what it means to a reader."""
        return "nothing yet; the scenario must say" if self is Unset.UNSAID else "unset"


UNSET: Final = Unset.UNSET
"""A field that an expectation leaves open."""

UNSAID: Final = Unset.UNSAID
"""A field that nothing is implied for, and that a scenario has to pin: nothing is equal to it."""


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
class Every:
    """An expected list of which each item is like this: ``every(r"^host-")``; an empty one, too."""

    item: Any

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is a list, and each of its items is as expected."""
        return isinstance(other, (list, tuple)) and all(self.item == one for one in other)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show how the matcher is written."""
        item = self.item.pattern if isinstance(self.item, Matcher) else self.item
        return f"every({item!r})"


def every(item: Any) -> Every:
    """Return an expectation that any list meets, the empty one as well, of such items only.

    Args:
        item: a regular expression that is found in each text, or what each item equals.
    """
    return Every(matching(item) if isinstance(item, str) else frozen_list(item))


@frozen(eq=False, repr=False)
class Either:
    """An expected value of which there are several, as chance has it: ``either(None, "x")``."""

    values: tuple[Any, ...]

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is one of them."""
        return any(value == other for value in self.values)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show how the matcher is written."""
        return f"either({', '.join(map(repr, self.values))})"


def either(*values: Any) -> Either:
    """Return an expectation that any of ``values`` meets: for what is decided by a race."""
    return Either(tuple(map(frozen_list, values)))


@frozen(eq=False, repr=False)
class Between:
    """An expected number that is not known to the digit: ``between(9, 12)``."""

    low: float
    high: float

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is a number in the range, its ends included."""
        if isinstance(other, bool) or not isinstance(other, (int, float)):
            return False
        return self.low <= other <= self.high

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show how the matcher is written."""
        return f"between({self.low}, {self.high})" if self.low else f"at_most({self.high})"


def between(low: float, high: float) -> Between:
    """Return an expectation that a number from ``low`` to ``high`` meets, such as of seconds."""
    if not low <= high:
        message = f"between({low!r}, {high!r}) takes the lower number first"
        raise ValueError(message)
    return Between(low, high)


def at_most(limit: int) -> Between:
    """Return an expectation for the count of a request that Codex makes in the background.

    It may be made late, twice, or not at all when Codex ends before.
    """
    return between(0, limit)


AuthFile = Literal["absent", "created", "removed", "rewritten", "untouched"]
"""What became of ``auth.json`` between two looks at the home."""


@frozen(eq=False)
class Odd:
    """Something seen where no Codex has such a thing; nothing that is expected equals it."""

    value: Any


def recorded(kind: type[R], /, **values: Any) -> R:
    """Return the record of what was seen, whatever that is.

    Args:
        kind: the type of the record.
        values: its fields; one of a type that the field does not have stands in it as ``Odd``.
    """
    kept = {}
    known: Any = attrs.fields(kind)  # type: ignore[arg-type]
    for name, value in values.items():
        attribute = getattr(known, name)
        try:
            attribute.validator(None, attribute, frozen_list(value))
        except (TypeError, ValueError):
            kept[name] = Odd(value)
        else:
            kept[name] = value
    return kind(**kept)


def redacted(record: Any, redact: Callable[[Any], Any]) -> Any:
    """Return ``record``, or a story of them, with every value in it as ``redact`` returns it."""
    if isinstance(record, Story):
        return Story(**{name: redacted(step, redact) for name, step in record.steps.items()})
    fields = _fields(record)
    values = list(fields.values())
    told = redact(values)
    # Most records hold nothing of the kind, and need not be made again.
    return (
        record if told is values else attrs.evolve(record, **dict(zip(fields, told, strict=True)))
    )


def _seen(*kinds: type | None) -> Any:
    """Return a field of a record: one of ``kinds``, ``UNSET``, or a matcher of such a value."""
    check = takes(*kinds)
    matchers = {str: Matcher, float: Between, tuple: Every}
    in_place = (Unset, Either, Odd, *(matchers[kind] for kind in kinds if kind in matchers))

    def validate(record: object, attribute: Attribute[Any], value: object) -> None:
        if not isinstance(value, in_place):
            check(record, attribute, value)

    return field(
        default=UNSET, converter=frozen_list, validator=validate, metadata={"takes": kinds}
    )


@frozen
class RpcError:
    """A JSON-RPC error.

    Args:
        code: Codex uses -32600 (invalid request) and -32603 (internal error).
        message: the text.
    """

    code: Any = field()
    message: Any = field()


@frozen
class Asked:
    """A request that Codex sent to the host, ``account/chatgptAuthTokens/refresh``.

    Args:
        reason: why, ``"unauthorized"``.
        previous_account_id: the workspace that Codex had so far, or ``None``.
        answer: what the host did: the name of the token that it gave, ``"error CODE"`` or
            ``"a result of its own"``, with ``" after N s"`` when that took its time; or
            ``"never"``; ``"refused"`` in a scenario without a host.
    """

    reason: Any = field()
    previous_account_id: Any = field()
    answer: Any = field()


@frozen(kw_only=True)
class Start:
    """``initialize``.

    Args:
        outcome: ``"initialized"``, or what happened instead (``"exited 1"``, ``"hung"``).
        agent: how Codex calls itself to a client of this name, ``"codex-auth-scenarios/0.163.0"``.
        codex_home: where it says that its home is; ``None``: it does not say.
        stderr: what a Codex that did not start said last.
    """

    outcome: Any = _seen(str)
    agent: Any = _seen(str, None)
    codex_home: Any = _seen(str, None)
    stderr: Any = _seen(str)


@frozen(kw_only=True)
class Login:
    """``account/login/start`` for each login of the host (or ``account/logout``), once settled.

    Args:
        messages: all that Codex said of it, in order: ``{"result": …}`` or an ``RpcError`` for each
            login, and the ``account/…`` notifications as ``{"method": …, "params": …}``.
        auth_url: where a login with a browser sends a person, its parameters by name beside ``at``,
            without what changes from run to run; ``None`` for any other login.
        error: ``None``; text when Codex hung or died.
    """

    messages: Any = _seen(tuple)
    auth_url: Any = _seen(dict, None)
    error: Any = _seen(str, None)


@frozen(kw_only=True)
class Read:
    """``account/read {refreshToken: false}``.

    Args:
        account: the ``account`` of the answer, as on the wire.
        requires_openai_auth: its ``requiresOpenaiAuth``.
        routing: its ``workspaceRouting``, which came with 0.156.0; ``None`` where there is none.
        error: an ``RpcError`` instead of an answer; ``None`` when it went well; text when Codex
            hung or died.
    """

    account: Any = _seen(dict, None)
    requires_openai_auth: Any = _seen(bool, None)
    routing: Any = _seen(dict, None)
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
        answer: the whole answer, as on the wire.
        error: as in ``Read``.
    """

    plan_type: Any = _seen(str, None)
    used_percent: Any = _seen(int, float, None)
    answer: Any = _seen(dict, None)
    error: Any = _seen(RpcError, str, None)


@frozen(kw_only=True)
class Turn:
    """``thread/start`` and ``turn/start``, up to ``turn/completed``.

    The thread is ephemeral, which costs less, but for those of a story, which lie in the home.

    Args:
        outcome: the turn's status, ``"completed"`` or ``"failed"``; ``"refused"`` when an RPC
            answered with an error; ``"hung"`` or ``"exited N"``.
        message: the text of the error.
        kind: the ``codexErrorInfo`` of a failed turn; the code of an RPC error.
        bearers: the bearer of every request to the model, in order.
        account_ids: the ``ChatGPT-Account-ID`` of every request to the model, in order.
        fedramp: the ``X-OpenAI-Fedramp`` of every request to the model, in order.
        host: what the host was asked meanwhile, an ``Asked`` each.
        answer: what the model says, as the client is told; ``None``: nothing.
        notifications: as in ``Logout``, but since the app-server was started.
        seconds: how long the turn took.
    """

    outcome: Any = _seen(str)
    message: Any = _seen(str, None)
    kind: Any = _seen(str, dict, int, None)
    bearers: Any = _seen(tuple)
    account_ids: Any = _seen(tuple)
    fedramp: Any = _seen(tuple)
    host: Any = _seen(tuple)
    answer: Any = _seen(str, None)
    notifications: Any = _seen(tuple)
    seconds: Any = _seen(int, float)


@frozen(kw_only=True)
class NextTurn:
    """Once every late answer has been given: the account, and another turn on the same thread.

    Args:
        account, error: as in ``Read``.
        auth_method, auth_token: as in ``Status``.
        outcome, message, kind, bearers, account_ids, host: as in ``Turn``.
    """

    account: Any = _seen(dict, None)
    error: Any = _seen(RpcError, str, None)
    auth_method: Any = _seen(str, None)
    auth_token: Any = _seen(str, None)
    outcome: Any = _seen(str)
    message: Any = _seen(str, None)
    kind: Any = _seen(str, dict, int, None)
    bearers: Any = _seen(tuple)
    account_ids: Any = _seen(tuple)
    host: Any = _seen(tuple)


@frozen(kw_only=True)
class Home:
    """The codex home after the reading probes and the turn, when the app-server has ended.

    Args:
        auth_json: what became of the file.
        auth: its contents with tokens by name; ``None``: no JSON. ``last_refresh`` in it is
            ``"now"`` where that is since the look before, else ``"earlier"``.
        layout: whether its bytes are what Codex would write for those values; ``None``: no file.
        mode: its permissions, for example ``"0600"``.
        appeared: files beside those that every run leaves behind.
        leaked: as in ``Traces``, of all files there are.
        exit: how the app-server ended: ``"0"``, ``"-9"`` (a signal), ``"hung"``, or
            ``"0, leaving sh"`` where it left a process of its own running.
    """

    auth_json: Any = _seen(str)
    auth: Any = _seen(dict, None)
    layout: Any = _seen(bool, None)
    mode: Any = _seen(str, None)
    appeared: Any = _seen(tuple)
    leaked: Any = _seen(tuple)
    exit: Any = _seen(str)


@frozen(kw_only=True)
class Requests:
    """Every request that the backend received from the reading probes and the turn.

    Args:
        counts: how often each ``"METHOD /path"`` was asked for. An expectation names the endpoints
            for which it differs from what is implied, with 0 for one that is not asked.
        refreshed_with: the refresh tokens that were redeemed, in order.
        revoked: the tokens that were revoked, in order.
        bodies: what was sent to the endpoints for tokens and for what a person asks, tokens by
            name: ``{"POST /oauth/token": [{"grant_type": "refresh_token"}]}``.
        bearers: who asked for what says whose it is or how much is used, each once: the name of a
            bearer, or ``"nobody"``.
        host: what the host was asked, an ``Asked`` each.
    """

    counts: Any = _seen(dict)
    refreshed_with: Any = _seen(tuple)
    revoked: Any = _seen(tuple)
    bodies: Any = _seen(dict)
    bearers: Any = _seen(tuple)
    host: Any = _seen(tuple)


@frozen(kw_only=True)
class Refresh:
    """A settled Codex on a fresh home: ``account/read {refreshToken: true}``, ``getAuthStatus``.

    Args:
        account, error: as in ``Read``.
        auth_method, auth_token: as in ``Status``, asked afterwards.
        auth_json, auth, mode: as in ``Home``.
        counts, refreshed_with, host: as in ``Requests``.
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
    host: Any = _seen(tuple)


@frozen(kw_only=True)
class Neighbour:
    """Another app-server on the same home, while the first is signed in.

    Args:
        account, error: as in ``Read``.
        auth_method, auth_token: as in ``Status``.
    """

    account: Any = _seen(dict, None)
    error: Any = _seen(RpcError, str, None)
    auth_method: Any = _seen(str, None)
    auth_token: Any = _seen(str, None)


@frozen(kw_only=True)
class Restart(Neighbour):
    """The app-server again, in the home of one that has ended; fields as in ``Neighbour``."""


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
        stream: where: ``"stdout"``, ``"stderr"``, ``"both"``, or ``"none"``.
        auth_json: as in ``Home``.
        counts: as in ``Requests``.
    """

    exit_code: Any = _seen(int, None)
    text: Any = _seen(str)
    stream: Any = _seen(str)
    auth_json: Any = _seen(str)
    counts: Any = _seen(dict)


@frozen(kw_only=True)
class CliLogout:
    """``codex logout``, in the home that ``codex login status`` left.

    Args:
        exit_code, text, stream, auth_json, counts: as in ``CliStatus``.
        revoked: as in ``Requests``.
    """

    exit_code: Any = _seen(int, None)
    text: Any = _seen(str)
    stream: Any = _seen(str)
    auth_json: Any = _seen(str)
    revoked: Any = _seen(tuple)
    counts: Any = _seen(dict)


@frozen(kw_only=True)
class Called:
    """``do.call(…)``: any JSON-RPC request.

    Args:
        result: the result, as on the wire; ``None`` where there is none.
        error: as in ``Read``.
    """

    result: Any = _seen(dict, None)
    error: Any = _seen(RpcError, str, None)


@frozen(kw_only=True)
class Heard:
    """``do.hear(…)``: what Codex said by itself of logins and accounts.

    Args:
        messages: the ``account/…`` notifications since the last time, in order, as
            ``{"method": …, "params": …}``.
        error: text when the one that was waited for did not come.
    """

    messages: Any = _seen(tuple)
    error: Any = _seen(str, None)


@frozen(kw_only=True)
class Visited:
    """``do.visit(…)``: what a person sees who comes back from the issuer.

    Args:
        status: the HTTP status of the answer to the callback; ``None``: nobody listens.
        location: where it leads the browser, without what changes from run to run; or ``None``.
        text: the text of the page that the browser shows at last.
    """

    status: Any = _seen(int, None)
    location: Any = _seen(str, None)
    text: Any = _seen(str)


@frozen(kw_only=True)
class Ran:
    """``do.run(…)`` and ``do.finish(…)``: a command of ``codex``.

    Args:
        exit_code, text: as in ``CliStatus``.
        events: what ``codex exec --json`` told of, in order, an answer of the model with its text;
            without what it warns of. ``()`` for any other command.
        bearers, account_ids: as in ``Turn``, of the requests to the model meanwhile.
    """

    exit_code: Any = _seen(int, None)
    text: Any = _seen(str)
    events: Any = _seen(tuple)
    bearers: Any = _seen(tuple)
    account_ids: Any = _seen(tuple)


@frozen(kw_only=True)
class Used:
    """``do.sdk(…)``: what a program sees that uses the official Python SDK.

    Args:
        account: ``Codex.account().account``, as on the wire.
        outcome: the status of the turn, ``"completed"``; the name of what the SDK raised instead,
            ``"RuntimeError"``; ``"hung"`` or ``"exited N"``.
        message: what that says; ``None``: nothing was raised.
        bearers, account_ids: as in ``Turn``.
    """

    account: Any = _seen(dict, None)
    outcome: Any = _seen(str)
    message: Any = _seen(str, None)
    bearers: Any = _seen(tuple)
    account_ids: Any = _seen(tuple)


@frozen(kw_only=True)
class File:
    """``do.look(…)``: what lies in a home now.

    Args:
        auth_json: what became of the file since the last look at this home, or since the start.
        auth, layout, mode: as in ``Home``.
        kind: ``"file"``, ``"link"``, ``"hard link"``, ``"directory"``, or ``"absent"``.
        elsewhere: what became meanwhile of the file that a link of the ``Layout`` leads to.
        config: the settings in ``config.toml`` beside those that the harness writes of itself, as
            ``'model = "gpt-5"'``; ``"no model"`` where one of those is missing.
    """

    auth_json: Any = _seen(str)
    auth: Any = _seen(dict, None)
    layout: Any = _seen(bool, None)
    mode: Any = _seen(str, None)
    kind: Any = _seen(str)
    elsewhere: Any = _seen(str)
    config: Any = _seen(tuple)


@frozen(kw_only=True)
class Ended:
    """``do.stop(…)`` and ``do.kill(…)``: the end of an app-server.

    Args:
        exit: as in ``Home``.
    """

    exit: Any = _seen(str)


@frozen(init=False)
class Story:
    """What was seen of a story, step by step: ``Story(read=Read(…), turn_2=Turn(…))``.

    The name of a step is its verb, with the app-server before it where that is not the first, and
    a number behind it from the second time on: ``turn``, ``second_turn``, ``second_turn_2``.

    Args:
        steps: the record of each step.
    """

    steps: Mapping[str, Any]

    def __init__(self, **steps: Any) -> None:
        """Hold a record for each step."""
        self.__attrs_init__(steps)


@frozen(kw_only=True)
class Wire:
    """Every message of a scenario, held against the protocol that the Codex describes.

    The protocol is what its ``app-server generate-json-schema`` writes. Each text names the message
    and the place in it; each stands once, in the order of the alphabet.

    Args:
        violations: what Codex said against it.
        client_violations: what the client, or the host, said against it.
        undeclared: methods and members that Codex sent and the protocol does not name.
        requests: HTTP requests that are not made of what such requests are made of
            (``harness.codex.requests``), and tokens in them that have no place there.
        error: why nothing could be validated; ``None`` when it could.
    """

    violations: Any = _seen(tuple)
    client_violations: Any = _seen(tuple)
    undeclared: Any = _seen(tuple)
    requests: Any = _seen(tuple)
    error: Any = _seen(str, None)


@frozen(kw_only=True)
class Traces:
    """What all stages of a scenario left behind that they should not have. Each stands once.

    Args:
        files: what became of files and directories, the user's home, the working directory and the
            place for temporary files included: ``"created work/x"``, ``"changed …"``,
            ``"removed …"``, ``"link became file …"``, ``"0755 codex-home"``. What becomes of
            ``auth.json`` other probes tell, and what lies in every home is left out.
        leaked: where a token is, in any form, in any file but ``auth.json`` (databases, logs and
            standard error included) or in what Codex says unasked or as an error:
            ``"host-0 in codex-home/logs_2.sqlite"``, ``"a piece of access-0 in stderr-0"``.
        processes: programs that are still running, wherever Codex has put them.
        exits: how the app-servers ended, as in ``Home``.
    """

    files: Any = _seen(tuple)
    leaked: Any = _seen(tuple)
    processes: Any = _seen(tuple)
    exits: Any = _seen(tuple)


Record = (
    Start
    | Login
    | Read
    | Status
    | Limits
    | Turn
    | NextTurn
    | Home
    | Requests
    | Restart
    | Refresh
    | Neighbour
    | Logout
    | CliStatus
    | CliLogout
    | Story
    | Wire
    | Traces
    | Called
    | Heard
    | Visited
    | Ran
    | Used
    | File
    | Ended
)
"""What a probe records, or a step of a story."""

Kind = Literal["home", "host", "story"]
"""What a scenario is about, and so which probes it has: a home alone, a host, or a story."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def _probe(record: type, *kinds: Kind) -> Any:
    """Return the field of a probe that scenarios of these ``kinds`` have."""
    # One for all, since it is immutable: most scenarios leave most of their probes at that.
    return field(default=record(), validator=takes(record), metadata={"kinds": kinds})


@frozen(kw_only=True)
class Expect:
    """What must be seen, one record a probe; what is left out is implied by the fixture.

    Args:
        start: starts ``codex app-server`` and initializes.
        login: logs in with each login of the host.
        read: asks for the account.
        status: asks for the auth status, token included.
        limits: asks for the rate limits.
        turn: a thread, and a turn on it to its end.
        next_turn: the account, the auth status and another turn, after ``turn``.
        story: all that the steps of a story saw.
        home: looks at what the home holds afterwards.
        requests: counts what the backend was asked meanwhile.
        restart: ends the app-server and asks a new one, in the same home, for the account.
        refresh: in a fresh home, lets Codex settle, then asks for a refresh and looks again.
        neighbour: asks another app-server on the same home, while the first is signed in.
        logout: in a fresh home, lets Codex settle, then logs out and asks for the account.
        cli_status: ``codex login status``, in a fresh home.
        cli_logout: ``codex logout``, after it.
        wire: holds every JSON-RPC message of the others against the protocol that this very Codex
            describes (``codex app-server generate-json-schema``).
        traces: looks in every stage for files, tokens and processes that should not have been left.
    """

    start: Start = _probe(Start, "home", "host")
    login: Login = _probe(Login, "host")
    read: Read = _probe(Read, "home", "host")
    status: Status = _probe(Status, "home", "host")
    limits: Limits = _probe(Limits, "home", "host")
    turn: Turn = _probe(Turn, "home", "host")
    next_turn: NextTurn = _probe(NextTurn, "host")
    story: Story = _probe(Story, "story")
    home: Home = _probe(Home, "home", "host", "story")
    requests: Requests = _probe(Requests, "home", "host", "story")
    restart: Restart = _probe(Restart, "host")
    refresh: Refresh = _probe(Refresh, "home", "host")
    neighbour: Neighbour = _probe(Neighbour, "host")
    logout: Logout = _probe(Logout, "home", "host")
    cli_status: CliStatus = _probe(CliStatus, "home")
    cli_logout: CliLogout = _probe(CliLogout, "home")
    wire: Wire = _probe(Wire, "home", "host", "story")
    traces: Traces = _probe(Traces, "home", "host", "story")

    def over(self, implied: Expect) -> Expect:
        """Return ``implied`` with every field replaced that this one pins."""
        return Expect(
            **{probe: over(getattr(self, probe), getattr(implied, probe)) for probe in PROBES}
        )


PROBES: Final = tuple(attribute.name for attribute in attrs.fields(Expect))
"""The names of the probes, in the order of the matrix."""


def type_of(probe: str) -> type:
    """Return the record of ``probe``."""
    return type(getattr(attrs.fields(Expect), probe).default)


STAGES: Final = ("session", "refresh", "logout", "cli")
"""What the suite consists of, each part in a home of its own."""

STAGE_OF: Final = {
    "refresh": "refresh",
    "neighbour": "refresh",
    "logout": "logout",
    "cli_status": "cli",
    "cli_logout": "cli",
}
"""The stage of each probe that belongs neither to the session nor, as the wire, to several."""


@cache
def probes_of(kind: Kind, stages: Sequence[str] = STAGES) -> tuple[str, ...]:
    """Return the probes of a scenario of this kind that runs these stages."""
    fields = [one for one in attrs.fields(Expect) if kind in one.metadata["kinds"]]
    return tuple(one.name for one in fields if STAGE_OF.get(one.name, "session") in stages)


def over(pinned: Any, implied: Any) -> Any:
    """Return the record ``implied`` with every field replaced that ``pinned`` has.

    Counts are replaced endpoint by endpoint, and a story step by step.
    """
    if isinstance(pinned, Story):
        steps = {
            name: over(step, implied.steps[name]) if name in implied.steps else step
            for name, step in pinned.steps.items()
        }
        return Story(**{**implied.steps, **steps})
    fields = dict(_fields(pinned))
    if "counts" in fields:
        base = {} if implied.counts is UNSET else implied.counts
        counts = {**base, **fields["counts"]}
        fields["counts"] = {endpoint: count for endpoint, count in counts.items() if count}
    return attrs.evolve(implied, **fields) if fields else implied


def fields_of(record: Any) -> Mapping[str, Any]:
    """Return the fields of ``record`` that are set, by name; of a story, ``"step.field"``."""
    if isinstance(record, Story):
        return {
            f"{step}.{name}": value
            for step, of_step in record.steps.items()
            for name, value in _fields(of_step).items()
        }
    return _fields(record)


def _fields(record: Any) -> Mapping[str, Any]:
    values = ((name, getattr(record, name)) for name in _names_of(record.__class__))
    return {name: value for name, value in values if value is not UNSET}


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in attrs.fields(kind))
