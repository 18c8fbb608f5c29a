"""The host: an application that embeds ``codex app-server`` and owns the user's tokens.

It signs in with ``account/login/start`` and answers ``account/chatgptAuthTokens/refresh``. Codex
keeps the tokens of a host in memory only, and calls this *external auth*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from attrs import Attribute, evolve, field, frozen

from harness.declare.answers import as_sequence
from harness.declare.auth import SIGNED_IN
from harness.declare.checks import frozen_list, not_negative, takes
from harness.declare.tokens import AccessToken, IdTokenClaims, encode_jwt
from harness.seen.records import RpcError

LOGINS_THAT_A_PERSON_ENDS: Final = ("chatgpt", "chatgptDeviceCode")
"""Logins that Codex only begins with its answer."""

CODEX_WAITS: Final = 10.0
"""Seconds that Codex gives a host to answer (0.163.0)."""


@frozen(kw_only=True)
class HostTokens:
    """ChatGPT tokens of the host: what it logs in with, or answers a refresh with.

    Args:
        access_token: an ``AccessToken``, a JWT that also carries ``claims``; or any text.
        account_id: the workspace, ``chatgptAccountId``.
        plan_type: ``chatgptPlanType``, which wins over the claim; ``None`` leaves it out.
        claims: what the access token says of the account, as an id token does.
    """

    access_token: str | AccessToken = field(
        default=AccessToken(expires_in=timedelta(days=10)), validator=takes(str, AccessToken)
    )
    account_id: str = field(default="workspace-1", validator=takes(str))
    plan_type: str | None = field(default=None, validator=takes(str, None))
    claims: IdTokenClaims = field(default=SIGNED_IN.claims, validator=takes(IdTokenClaims))

    def raw_access_token(self, name: str, now: datetime) -> str:
        """Return the access token as handed over at ``now``; ``name`` tells it from others."""
        if isinstance(self.access_token, AccessToken):
            return self.access_token.encode(now, name=name, claims=self.claims)
        return self.access_token

    def raw_id_token(self, name: str) -> str:
        """Return the id token that goes with it up to 0.98.0: claims, workspace and plan.

        An access token that is no JWT comes with an id token that is none either.
        """
        if not isinstance(self.access_token, AccessToken):
            return self.access_token
        plan = self.plan_type or self.claims.plan_type
        claims = evolve(self.claims, chatgpt_account_id=self.account_id, plan_type=plan)
        return encode_jwt(claims.payload() | {"jti": f"id-of-{name}"})


@frozen
class Late:
    """An answer of the host that takes its time.

    Args:
        seconds: how long; from 10 on it is too late for Codex.
        answer: what comes then.
    """

    seconds: float = field(validator=[takes(int, float), not_negative])
    answer: HostTokens | RpcError | Mapping[str, Any] = field(
        factory=HostTokens, validator=takes(HostTokens, RpcError, Mapping)
    )


@frozen
class Never:
    """No answer of the host at all."""


@frozen
class LogOut:
    """``account/logout``, between two logins."""


HostAnswer = HostTokens | RpcError | Mapping[str, Any] | Late | Never
HostAnswers = HostAnswer | Sequence[HostAnswer]

Login = HostTokens | Mapping[str, Any] | LogOut
Logins = Login | Sequence[Login]


def late(seconds: float, answer: HostTokens | RpcError | Mapping[str, Any] | None = None) -> Late:
    """Return ``answer``, by default new tokens, after ``seconds``."""
    return Late(seconds, HostTokens() if answer is None else answer)


def never() -> Never:
    """Return the answer of a host that gives none."""
    return Never()


def log_out() -> LogOut:
    """Return the step of a host that logs out."""
    return LogOut()


def _each(check: Any) -> Any:
    def validate(owner: object, attribute: Attribute[Any], value: object) -> None:
        for one in as_sequence(value):
            check(owner, attribute, one)

    return validate


def _names_its_type(_host: object, attribute: Attribute[Any], value: object) -> None:
    names_it = not isinstance(value, Mapping) or isinstance(value.get("type"), str)
    if not names_it:
        message = (
            f"'{attribute.name}' takes HostTokens or the params of account/login/start, "
            f"such as {{'type': 'apiKey', 'apiKey': 'sk-…'}}, not {value!r}"
        )
        raise ValueError(message)


def _sendable(_host: object, attribute: Attribute[Any], value: object) -> None:
    error = value.answer if isinstance(value, Late) else value
    if isinstance(error, RpcError) and not (
        isinstance(error.code, int) and isinstance(error.message, str)
    ):
        message = f"'{attribute.name}' takes an RpcError of a number and text, not {error!r}"
        raise TypeError(message)


def _some(_host: object, attribute: Attribute[Any], value: object) -> None:
    if not as_sequence(value):
        message = f"'{attribute.name}' takes at least one login; leave out the host for none"
        raise ValueError(message)


@frozen(kw_only=True)
class Host:
    """A host application.

    Args:
        logins: what it signs in with, one after the other: ``HostTokens``, or a mapping, the params
            of ``account/login/start`` as on the wire; or ``log_out()``.
        refreshes: how it answers ``account/chatgptAuthTokens/refresh``: ``HostTokens``, an
            ``RpcError``, ``late(…)``, ``never()``, or a mapping, the result as on the wire. A list
            is used up, one answer a request; after it, and by default, come new ``HostTokens``.
        experimental_api: whether it initializes with the capability ``experimentalApi``.
    """

    logins: Logins = field(
        factory=HostTokens,
        converter=frozen_list,
        validator=[_each(takes(HostTokens, Mapping, LogOut)), _each(_names_its_type), _some],
    )
    refreshes: HostAnswers = field(
        factory=HostTokens,
        converter=frozen_list,
        validator=[
            _each(takes(HostTokens, RpcError, Mapping, Late, Never)),
            _each(_sendable),
        ],
    )
    experimental_api: bool = field(default=True, validator=takes(bool))

    @property
    def tokens(self) -> tuple[HostTokens, ...]:
        """The tokens that it logs in with or answers with, as far as they are declared."""
        return tuple(one for one in (*self._says, HostTokens()) if isinstance(one, HostTokens))

    @property
    def speaks_raw(self) -> bool:
        """Whether it sends anything as on the wire, which may break the protocol on purpose."""
        return any(isinstance(one, Mapping) for one in self._says)

    @property
    def waits(self) -> float:
        """How many seconds its answers take, one of each."""
        return sum(map(_seconds, as_sequence(self.refreshes)))

    @property
    def _says(self) -> tuple[Any, ...]:
        """All that it logs in with, and then answers with, late or not."""
        refreshes = as_sequence(self.refreshes)
        answers = (one.answer if isinstance(one, Late) else one for one in refreshes)
        return (*as_sequence(self.logins), *answers)


def _seconds(answer: HostAnswer) -> float:
    if isinstance(answer, Never):
        return CODEX_WAITS
    return answer.seconds if isinstance(answer, Late) else 0
