"""Records of the probes as several kinds of sign-in have them alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from packaging.version import Version

from harness.declare.auth import ChatGptAuth, NoAuth, RawAuth
from harness.judge.facts import (
    ANY_USAGE_PLAN,
    INTERNAL_ERROR,
    INVALID_REQUEST,
    USAGE_PLANS,
    is_known_plan,
)
from harness.seen.records import (
    CliStatus,
    Home,
    Limits,
    Logout,
    Matcher,
    Read,
    Refresh,
    Requests,
    RpcError,
    Turn,
    matching,
)
from harness.seen.said import account_updated, stored_tokens


def read_record(account: Mapping[str, Any] | None, workspace: str | None = None) -> Read:
    """Return ``account``, whose workspace, if it has one, is served where all of them are."""
    routing = {
        "chatgptAccountId": workspace,
        "backendOrigin": "https://chatgpt.com",
        "accountRoutingOverride": "NO_CONSTRAINT",
    }
    return Read(
        account=account,
        requires_openai_auth=True,
        routing=routing if workspace else None,
        error=None,
    )


def turn_record(bearer: str | None, account_id: str | None) -> Turn:
    """Return a turn that one request completes, with this bearer and this account id."""
    return Turn(
        outcome="completed",
        message=None,
        kind=None,
        bearers=(bearer,),
        account_ids=(account_id,),
        host=(),
    )


def requests_record(counts: Mapping[str, Any], refreshed_with: tuple[str, ...] = ()) -> Requests:
    """Return these counts of requests, with nothing revoked and no host asked."""
    return Requests(counts=counted(counts), refreshed_with=refreshed_with, revoked=(), host=())


def no_limits(message: str | Matcher, code: int = INVALID_REQUEST) -> Limits:
    """Return the refusal to read the rate limits."""
    error = RpcError(code, message)
    return Limits(plan_type=None, used_percent=None, error=error)


def home_record(auth_json: str, auth: Any, serial: int | str) -> Home:
    """Return a home whose ``auth.json`` holds ``auth`` after the refresh number ``serial``."""
    seen = Home(auth_json=auth_json, appeared=(), leaked=(), exit="0")
    if isinstance(auth, NoAuth):
        return attrs.evolve(seen, auth=None, layout=None, mode=None)
    if isinstance(auth, ChatGptAuth):
        seen = attrs.evolve(seen, auth=contents_of(auth, serial))
    return attrs.evolve(
        seen, mode="0600", **({} if isinstance(auth, RawAuth) else {"layout": True})
    )


def contents_of(auth: ChatGptAuth, serial: int | str) -> Mapping[str, Any]:
    """Return ``auth.json`` after the refresh number ``serial``, tokens by name."""
    contents = stored_tokens(serial, account_id=auth.account_id)
    if serial == 0 and not auth.refresh_token:
        return {**contents, "tokens": {**contents["tokens"], "refresh_token": ""}}
    return {**contents, "last_refresh": "now"} if serial and isinstance(serial, int) else contents


def not_refreshed(account: Any, method: str | None, token: str | None) -> Refresh:
    """Return what is seen of a refresh where there is nothing to refresh."""
    return Refresh(
        account=account,
        error=None,
        auth_method=method,
        auth_token=token,
        auth_json="untouched",
        counts={},
        refreshed_with=(),
        host=(),
    )


def logged_out(
    counts: Mapping[str, Any] | None = None,
    revoked: tuple[str, ...] = (),
    refreshed_with: tuple[str, ...] = (),
) -> Logout:
    """Return a logout that goes well."""
    return Logout(
        error=None,
        notifications=(account_updated(None),),
        account=None,
        revoked=revoked,
        refreshed_with=refreshed_with,
        counts=counted(counts or {}),
    )


def status_said(exit_code: int, text: str) -> CliStatus:
    """Return what ``codex login status`` says where it asks nobody."""
    return CliStatus(exit_code=exit_code, text=text, counts={})


def counted(counts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``counts`` without what is not asked, sorted by endpoint."""
    return {endpoint: count for endpoint, count in sorted(counts.items()) if count}


def limits_record(plan: str, release: Version) -> Limits:
    """Return the healthy rate limits of a plan, for which their service has names of its own."""
    if plan == "education":
        named = "edu"
    elif plan != "hc" and is_known_plan(plan, release):
        named = plan
    elif plan in USAGE_PLANS or release >= ANY_USAGE_PLAN:
        named = "unknown"
    else:
        return no_limits(matching(f"unknown variant `{plan}`"), INTERNAL_ERROR)
    return Limits(plan_type=named, used_percent=10, error=None)
