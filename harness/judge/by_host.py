"""What is seen once a host has logged in with tokens of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
from packaging.version import Version

from harness.declare.answers import as_sequence
from harness.declare.auth import Reading
from harness.declare.host import Host, HostTokens
from harness.declare.scenario import Scenario
from harness.judge.by_home import signed_out, startup
from harness.judge.facts import ACCOUNTS_CHECK, BUNDLE, LIMITS, MODELS, RESPONSES, plan_of
from harness.judge.records_of import (
    counted,
    limits_record,
    logged_out,
    not_refreshed,
    read_record,
    requests_record,
    turn_record,
)
from harness.seen.records import Expect, Login, Neighbour, NextTurn, Restart, Start, Status, at_most
from harness.seen.said import account_updated, login_completed

_OF_A_TURN: Final = ("outcome", "message", "kind", "bearers", "account_ids", "host")


def with_host(home: Expect, auth: Reading, scenario: Scenario, release: Version) -> Expect:
    """Return what is seen once a host has logged in, over a home that by itself implies ``home``.

    Another app-server knows only the home. With ``taken_for``, so does the one of the host.
    """
    assert scenario.host
    seen = home if scenario.taken_for else _external(scenario.host, startup(auth, release), release)
    alone = {
        "account": home.read.account,
        "error": home.read.error,
        "auth_method": home.status.auth_method,
        "auth_token": home.status.auth_token,
    }
    return attrs.evolve(
        seen,
        login=attrs.evolve(seen.login, error=None),
        next_turn=NextTurn(
            account=seen.read.account,
            error=seen.read.error,
            auth_method=seen.status.auth_method,
            auth_token=seen.status.auth_token,
            **{name: getattr(seen.turn, name) for name in _OF_A_TURN},
        ),
        requests=attrs.evolve(seen.requests, counts={**seen.requests.counts, RESPONSES: 2}),
        restart=Restart(**alone),
        neighbour=Neighbour(**alone),
    )


def _external(host: Host, startup: Mapping[str, Any], release: Version) -> Expect:
    """Signed in by a host with the last of its tokens: in memory, and refreshed by nobody."""
    logins = [login for login in as_sequence(host.logins) if isinstance(login, HostTokens)]
    if not logins:
        return signed_out(unreadable=False)
    tokens, token = logins[-1], f"host-{len(logins) - 1}"
    account = {
        "type": "chatgpt",
        "email": tokens.claims.email,
        "planType": plan_of(tokens.plan_type or tokens.claims.plan_type, release),
    }
    start = {
        ACCOUNTS_CHECK: startup.get(ACCOUNTS_CHECK, 0) + len(logins),
        BUNDLE: startup.get(BUNDLE, 0),
        MODELS: at_most(2 + 2 * len(logins)),
    }
    return Expect(
        start=Start(outcome="initialized"),
        login=Login(
            messages=[said for login in logins for said in logged_in(login, release)],
            error=None,
        ),
        read=read_record(account, tokens.account_id),
        status=Status(
            auth_method="chatgptAuthTokens", auth_token=token, requires_openai_auth=True, error=None
        ),
        limits=limits_record(tokens.claims.plan_type or "free", release),
        turn=turn_record(token, tokens.account_id),
        requests=requests_record({**start, **dict.fromkeys(LIMITS, 1)}),
        refresh=attrs.evolve(
            not_refreshed(account, "chatgptAuthTokens", token), counts=counted(start)
        ),
        logout=logged_out(counts=start),
    )


def logged_in(tokens: HostTokens, release: Version) -> Sequence[Mapping[str, Any]]:
    """Return what Codex says of a login that went well, in order."""
    plan = plan_of(tokens.plan_type or tokens.claims.plan_type, release)
    return (
        {"result": {"type": "chatgptAuthTokens"}},
        login_completed(),
        account_updated("chatgptAuthTokens", plan),
    )
