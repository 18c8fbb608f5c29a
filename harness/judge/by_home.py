"""What is seen by what Codex takes a home for: a sign-in of some kind, or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from packaging.version import Version

from harness.declare.auth import (
    NOT_GIVEN,
    AgentIdentity,
    ApiKeyAuth,
    ChatGptAuth,
    NoTokens,
    PersonalAccessToken,
    RawAuth,
    Reading,
    Unreadable,
)
from harness.declare.tokens import AccessToken, IdTokenClaims, TokenError, decode_jwt
from harness.judge.facts import (
    ACCOUNT_GUARDED,
    ACCOUNT_WITHOUT_EMAIL,
    ACCOUNT_WITHOUT_PLAN,
    ACCOUNTS_CHECK,
    API_KEY_CONFIGURED,
    API_KEY_LOGGED_IN,
    API_KEY_UNCHECKED,
    AUTH_MODES,
    BUNDLE,
    EXPIRY_READ,
    INTERNAL_ERROR,
    INVALID_REQUEST,
    LIMITS,
    LIMITS_WITHOUT_BEARER,
    MODELS,
    OPAQUE_LIFETIME,
    REFRESH_AHEAD,
    REFRESHED_AHEAD,
    REQUIREMENTS,
    RESPONSES,
    REVOKE,
    SENT_WITHOUT_BEARER,
    TOKEN,
    UNREADABLE_KEPT,
    WORKSPACE_PLANS,
    is_known_plan,
    plan_of,
)
from harness.judge.records_of import (
    contents_of,
    counted,
    home_record,
    limits_record,
    logged_out,
    no_limits,
    not_refreshed,
    read_record,
    requests_record,
    status_said,
    turn_record,
)
from harness.seen.records import (
    CliStatus,
    Expect,
    Read,
    Refresh,
    RpcError,
    Start,
    Status,
    at_most,
)


def home_alone(auth: Reading, *, granted: bool, release: Version) -> Expect:
    """Return what is seen of a home that is taken for ``auth``; ``granted``: so are refreshes."""
    if isinstance(auth, ChatGptAuth):
        return _chatgpt(auth, granted=granted, release=release)
    if isinstance(auth, ApiKeyAuth):
        return _api_key(auth, release)
    if isinstance(auth, Unreadable):
        return _unreadable(auth, release)
    if isinstance(auth, NoTokens):
        return _no_tokens(release)
    return signed_out(unreadable=isinstance(auth, RawAuth))


def startup(auth: Reading, release: Version) -> Mapping[str, Any]:
    """Return what Codex asks for at its start because of what lies in the home."""
    if not isinstance(auth, (ChatGptAuth, PersonalAccessToken, AgentIdentity)):
        return {}
    plan = auth.claims.plan_type or ""
    of_workspace = 1 if is_known_plan(plan, release) and release >= WORKSPACE_PLANS[plan] else 0
    return {
        ACCOUNTS_CHECK: 1 if auth.account_id and not isinstance(auth, AgentIdentity) else 0,
        BUNDLE: of_workspace,
        REQUIREMENTS: of_workspace,
        MODELS: at_most(2),
    }


def _chatgpt(auth: ChatGptAuth, *, granted: bool, release: Version) -> Expect:
    """Signed in with ChatGPT. Without an account id Codex refreshes nothing."""
    guarded = auth.account_id is None and release >= ACCOUNT_GUARDED
    forced = 1 if granted and not guarded else 0
    refreshes = forced if _is_due(auth, datetime.now(UTC), release) else 0
    token, forced_token = f"access-{refreshes}", f"access-{refreshes + forced}"
    # A refresh token that is empty is redeemed all the same, and has no name.
    tokens = ("refresh-0" if auth.refresh_token else "", "refresh-1", "refresh-2")
    redeemed = tokens[: refreshes + forced]
    revoked = tokens[refreshes] or token
    account, error = _shown(auth.claims, release)
    start: dict[str, Any] = {**startup(auth, release), TOKEN: refreshes}
    on_refresh = {
        **start,
        ACCOUNTS_CHECK: start[ACCOUNTS_CHECK] * (1 + forced),
        TOKEN: len(redeemed),
    }
    return Expect(
        start=Start(outcome="initialized"),
        read=read_record(account, auth.account_id)
        if account
        else Read(account=None, requires_openai_auth=None, error=error),
        status=Status(
            auth_method="chatgpt", auth_token=token, requires_openai_auth=True, error=None
        ),
        limits=limits_record(auth.claims.plan_type or "free", release),
        turn=turn_record(token, auth.account_id),
        home=home_record("rewritten" if refreshes else "untouched", auth, refreshes),
        requests=requests_record(
            {**start, **dict.fromkeys(LIMITS, 1), RESPONSES: 1}, redeemed[:refreshes]
        ),
        refresh=Refresh(
            account=account,
            error=error,
            auth_method="chatgpt",
            auth_token=forced_token,
            auth_json="rewritten" if redeemed else "untouched",
            auth=contents_of(auth, len(redeemed)),
            mode="0600",
            counts=counted(on_refresh),
            refreshed_with=redeemed,
            host=(),
        ),
        logout=logged_out(
            counts={**start, REVOKE: 1},
            revoked=(revoked,),
            refreshed_with=redeemed[:refreshes],
        ),
        cli_status=status_said(0, "Logged in using ChatGPT"),
    )


def _shown(
    claims: IdTokenClaims | None, release: Version
) -> tuple[Mapping[str, Any] | None, RpcError | None]:
    """Return the account that Codex shows for an id token or for none, or why it shows none."""
    message = ""
    if release < ACCOUNT_WITHOUT_EMAIL:
        has_plan = claims and (claims.plan_type or release >= ACCOUNT_WITHOUT_PLAN)
        if not (has_plan and claims and claims.email):
            message = "email and plan type are required for chatgpt authentication"
    elif not claims:
        message = "plan type is required for chatgpt authentication"
    if message or not claims:
        return None, RpcError(INVALID_REQUEST, message)
    plan = plan_of(claims.plan_type, release)
    return {"type": "chatgpt", "email": claims.email, "planType": plan}, None


def _api_key(auth: ApiKeyAuth, release: Version) -> Expect:
    """Signed in with an API key: nothing to refresh, nothing to revoke, no rate limits."""
    account = {"type": "apiKey"}
    text = API_KEY_CONFIGURED if release >= API_KEY_UNCHECKED else API_KEY_LOGGED_IN
    return Expect(
        start=Start(outcome="initialized"),
        read=read_record(account),
        status=Status(
            auth_method="apikey",
            auth_token="api-key",  # noqa: S106 - a name
            requires_openai_auth=True,
            error=None,
        ),
        limits=no_limits("chatgpt authentication required to read rate limits"),
        turn=turn_record("api-key", None),
        home=home_record("untouched", auth, 0),
        requests=requests_record({RESPONSES: 1}),
        refresh=not_refreshed(account, "apikey", "api-key"),
        logout=logged_out(),
        cli_status=status_said(0, text.format(f"{auth.api_key[:8]}***{auth.api_key[-5:]}")),
    )


def signed_out(*, unreadable: bool) -> Expect:
    """Signed out: the turn is tried all the same, without a bearer."""
    return Expect(
        start=Start(outcome="initialized"),
        read=read_record(None),
        status=Status(auth_method=None, auth_token=None, requires_openai_auth=True, error=None),
        limits=no_limits("codex account authentication required to read rate limits"),
        turn=turn_record(None, None),
        requests=requests_record({RESPONSES: 1}),
        refresh=not_refreshed(None, None, None),
        logout=logged_out(),
        cli_status=(
            CliStatus(exit_code=1, auth_json="untouched", counts={})
            if unreadable
            else status_said(1, "Not logged in")
        ),
    )


def _no_tokens(release: Version) -> Expect:
    """Signed in with ChatGPT by name: the turn is tried all the same, without a bearer."""
    seen, (_, error) = signed_out(unreadable=False), _shown(None, release)
    counts: dict[str, Any] = {MODELS: at_most(2)}
    failed, asked = "Token data is not available.", dict(counts)
    limits = no_limits(f"failed to construct backend client: {failed}", INTERNAL_ERROR)
    turn = attrs.evolve(
        seen.turn, outcome="failed", message=failed, kind="other", bearers=(), account_ids=()
    )
    if release >= SENT_WITHOUT_BEARER or release in LIMITS_WITHOUT_BEARER:
        limits, asked = limits_record("free", release), asked | dict.fromkeys(LIMITS, 1)
    if release >= SENT_WITHOUT_BEARER:
        turn, asked = seen.turn, asked | {RESPONSES: 1}
    return attrs.evolve(
        seen,
        read=Read(account=None, requires_openai_auth=None, error=error),
        limits=limits,
        turn=turn,
        requests=requests_record(asked),
        refresh=attrs.evolve(seen.refresh, error=error, counts=counts),
        logout=logged_out(counts),
        cli_status=status_said(0, "Logged in using ChatGPT"),
    )


def _unreadable(auth: Unreadable, release: Version) -> Expect:
    """Signed out by a file that cannot be used: only the command line says so, and why."""
    modes = ", ".join(f"`{mode}`" for mode, since in AUTH_MODES.items() if release >= since)
    fault, seen = auth.fault.replace("{modes}", modes), signed_out(unreadable=True)
    if release >= UNREADABLE_KEPT:
        if auth.of == "data":
            place = fault.rpartition(" at ")[2]
            fault = f"invalid credential JSON (Data at {place})"
        if auth.of != "other":
            fault = f"failed to deserialize CLI auth from file: {fault}"
        error = RpcError(INTERNAL_ERROR, f"logout failed: {fault}")
        kept = attrs.evolve(seen.logout, error=error, auth_json="untouched", notifications=())
        seen = attrs.evolve(seen, logout=kept)
    said = f"Error checking login status: {fault}"
    return attrs.evolve(seen, cli_status=attrs.evolve(seen.cli_status, text=said))


def _is_due(auth: ChatGptAuth, now: datetime, release: Version) -> bool:
    """Whether Codex refreshes this sign-in before it uses it."""
    expiry = _expiry(auth.access_token, now)
    if expiry is not None and release >= EXPIRY_READ:
        return expiry <= now + (REFRESH_AHEAD if release >= REFRESHED_AHEAD else timedelta())
    last = now if auth.last_refresh is NOT_GIVEN else auth.last_refresh
    return last is not None and last < now - OPAQUE_LIFETIME


def _expiry(token: str | AccessToken, now: datetime) -> datetime | None:
    if isinstance(token, AccessToken):
        return token.expiry(now)
    try:
        expiry = decode_jwt(token).get("exp")
    except TokenError:
        return None
    return datetime.fromtimestamp(expiry, UTC) if isinstance(expiry, int) else None
