"""What is seen of a sign-in with a token which only others can tell to be good, or whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs
from attrs import frozen
from packaging.version import Version

from harness.declare.auth import AgentIdentity, PersonalAccessToken, RefusedToken
from harness.judge.by_home import signed_out, startup
from harness.judge.facts import (
    ACCOUNTS_CHECK,
    AGENT_ASKED_ONCE_MORE,
    ASKED_ONCE_MORE,
    INTERNAL_ERROR,
    JWKS,
    LIMITS,
    LOGOUT_LOADS,
    RESPONSES,
    TASK,
    WHOAMI,
    plan_of,
)
from harness.judge.records_of import (
    counted,
    home_record,
    limits_record,
    logged_out,
    not_refreshed,
    requests_record,
    turn_record,
)
from harness.seen.records import CliStatus, Expect, Read, RpcError, Start, Status, between
from harness.seen.said import account_updated


@frozen(kw_only=True)
class _Kind:
    """What is so of a kind of token.

    Args:
        method: its ``authMethod``.
        said: what ``codex login status`` says.
        asked: the endpoints that each load of it asks.
        forced: how often it is loaded by the end of a forced refresh.
    """

    method: str
    said: str
    asked: Sequence[str]
    forced: int


PERSONAL: Final = _Kind(
    method="personalAccessToken",
    said="Logged in using personal access token",
    asked=(WHOAMI,),
    forced=2,
)

AGENT: Final = _Kind(
    method="agentIdentity", said="Logged in using access token", asked=(JWKS, TASK), forced=3
)


def with_token(
    auth: PersonalAccessToken | AgentIdentity, release: Version, *, stored: bool
) -> Expect:
    """Return what is seen of a token that is good, which Codex gives to nobody who asks for it.

    One that is not ``stored`` stands in the environment, and is still there after a logout.
    """
    account = {
        "type": "chatgpt",
        "email": auth.claims.email,
        "planType": plan_of(auth.claims.plan_type, release),
    }
    if isinstance(auth, AgentIdentity):
        kind, bearer, once_more = AGENT, "agent-1 at task-1", release >= AGENT_ASKED_ONCE_MORE
    else:
        bearer = "personal-access-token" if stored else "$CODEX_ACCESS_TOKEN"
        kind, once_more = PERSONAL, release in ASKED_ONCE_MORE
    asked_at_start = startup(auth, release)

    def counts(loads: int) -> Mapping[str, object]:
        return {**asked_at_start, **dict.fromkeys(kind.asked, loads)}

    logout = logged_out(counts((2 if stored else 3) + once_more))
    if not stored:
        again = 2 * asked_at_start[ACCOUNTS_CHECK]
        logout = attrs.evolve(
            logout,
            notifications=(account_updated(kind.method),),
            account=account,
            counts=counted({**logout.counts, ACCOUNTS_CHECK: again}),
        )
    return Expect(
        start=Start(outcome="initialized"),
        read=Read(account=account, requires_openai_auth=True, error=None),
        status=Status(
            auth_method=kind.method, auth_token=None, requires_openai_auth=True, error=None
        ),
        limits=limits_record(auth.claims.plan_type or "free", release),
        turn=turn_record(bearer, auth.account_id),
        home=home_record("untouched", auth, 0),
        requests=requests_record({**counts(2), **dict.fromkeys(LIMITS, 1), RESPONSES: 1}),
        refresh=attrs.evolve(
            not_refreshed(account, kind.method, None), counts=counted(counts(kind.forced))
        ),
        logout=logout,
        cli_status=CliStatus(exit_code=0, text=kind.said, counts=dict.fromkeys(kind.asked, 1)),
    )


def refused_token(refused: RefusedToken, release: Version) -> Expect:
    """Signed out by a token that Codex tries anew each time, as it is never good."""
    seen = signed_out(unreadable=False)

    def counts(low: int, high: int) -> Mapping[str, object]:
        return {name: between(low * n, high * n) for name, n in refused.asks.items()}

    # Two that need it at once may share an answer; a slow machine gives the time to ask once more.
    several = counts(2, 5)
    asked = (4 if refused.in_environment else 3) + (1 if release in ASKED_ONCE_MORE else 0)
    logout = logged_out(counts(asked, asked + 2))
    if release >= LOGOUT_LOADS:
        error = RpcError(INTERNAL_ERROR, f"logout failed: {refused.fault}")
        logout = attrs.evolve(logout, error=error, notifications=(), counts=counts(4, 6))
    return attrs.evolve(
        seen,
        requests=requests_record({RESPONSES: 1, **several}),
        refresh=attrs.evolve(seen.refresh, counts=several),
        logout=logout,
        cli_status=CliStatus(
            exit_code=1,
            text=f"Error checking login status: {refused.fault}",
            counts=refused.asks,
        ),
    )
