"""What a fixture implies: the whole expectation of a scenario that declares none.

This is what a Codex in order does with a home in order (0.163.0). It knows a sign-in with ChatGPT,
one with an API key, one by a host, and no sign-in; a refresh that is due and granted; and nothing
of policy or of a backend that refuses. Whatever else is right, a scenario says itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
from packaging.version import Version

from harness.declare.answers import Grant, Healthy, as_sequence, asked_by
from harness.declare.auth import (
    NOT_GIVEN,
    ApiKeyAuth,
    Auth,
    ChatGptAuth,
    NoAuth,
    PersonalAccessToken,
    RawAuth,
    Reading,
    RefusedToken,
)
from harness.declare.do import Step, by_name
from harness.declare.host import Host, HostTokens
from harness.declare.releases import Range
from harness.declare.scenario import Scenario
from harness.declare.tokens import AccessToken, TokenError, decode_jwt
from harness.seen.records import (
    PROBES,
    UNSAID,
    UNSET,
    Called,
    CliLogout,
    CliStatus,
    Ended,
    Expect,
    File,
    Heard,
    Home,
    Limits,
    Login,
    Logout,
    Neighbour,
    NextTurn,
    Ran,
    Read,
    Refresh,
    Requests,
    Restart,
    RpcError,
    Start,
    Status,
    Story,
    Turn,
    Visited,
    Wire,
    at_most,
    between,
    every,
    fields_of,
    matching,
)
from harness.seen.said import account_updated, login_completed, stored_tokens

INVALID_REQUEST: Final = -32600
INTERNAL_ERROR: Final = -32603

REFRESH_AHEAD: Final = timedelta(minutes=5)
"""How long before its ``exp`` Codex refreshes an access token."""

OPAQUE_LIFETIME: Final = timedelta(days=8)
"""How long after ``last_refresh`` Codex trusts an access token that names no ``exp``."""

KNOWN_PLANS: Final = frozenset(
    {
        *("free", "go", "plus", "pro", "prolite", "promax", "team"),
        *("business", "self_serve_business_prolite", "self_serve_business_usage_based"),
        *("enterprise", "ent26", "enterprise_cbp_automation", "enterprise_cbp_usage_based"),
        *("edu", "edu_plus", "edu_pro", "sci", "sci_plus"),
    }
)
"""The plans that Codex passes on by their own name; any other is ``unknown``."""

PLAN_ALIASES: Final = {"hc": "enterprise", "education": "edu"}

WORKSPACE_PLANS: Final = frozenset(
    {"business", "enterprise", "enterprise_cbp_usage_based", "edu", "edu_plus", "edu_pro", "hc"}
)
"""The plans for which Codex asks for the workspace's config bundle at its start."""

MEASURED: Final = Version("0.163.0")
"""The release on which the expectations were measured first."""

ACCOUNT_GUARDED: Final = Version("0.105.0")
"""From here on Codex refreshes no tokens whose account it does not know."""

EXPIRY_READ: Final = Version("0.117.0")
"""From here on Codex reads the ``exp`` of an access token; before, only ``last_refresh``."""

REFRESHED_AHEAD: Final = Version("0.136.0")
"""From here on it refreshes ``REFRESH_AHEAD`` of that time."""

API_KEY_UNCHECKED: Final = Version("0.164.0")
"""From here on ``codex login status`` says that nobody has tried the key."""

API_KEY_LOGGED_IN: Final = "Logged in using an API key - {}"
API_KEY_CONFIGURED: Final = (
    "API key configured - {}\nAuthentication is checked when you send a request."
)

NO_AMBIENT_BEARER: Final = Version("0.149.0")
"""From here on a provider that wants no sign-in gets none; before, it gets whatever there is."""

LOGOUT_LOADS: Final = Version("0.169.0")
"""From here on a logout fails where the sign-in cannot be loaded, and removes nothing."""

LOGOUT_ASKS_NOBODY: Final = Version("0.140.0")
"""Before, ``codex logout`` asks whose a personal access token is, and revokes nothing beside it."""

ASKED_ONCE_MORE: Final = Range(">=0.161.0,<0.169.0")
"""Releases that ask once more whose a personal access token is when they have logged out."""

LOCKS: Final = {"auth.lock": Version("0.166.0"), "auth.json.lock": Version("0.169.0")}
"""What Codex leaves beside an ``auth.json`` that it has written, and since when."""

LOGS_THE_HOST: Final = Range(">=0.110.0,<0.150.0")
"""Releases whose log database may hold the tokens with which a host answers a refresh.

It does not always: Codex writes its log in the background, and may end before.
"""

PLAN_IN_UPDATES: Final = Version("0.110.0")
"""From here on ``account/updated`` tells the plan."""

ACCOUNTS_CHECK: Final = "GET /backend-api/wham/accounts/check"
BUNDLE: Final = "GET /backend-api/wham/config/bundle"
REQUIREMENTS: Final = "GET /backend-api/wham/config/requirements"
MODELS: Final = "GET /v1/models"
RESPONSES: Final = "POST /v1/responses"
REVOKE: Final = "POST /oauth/revoke"
TOKEN: Final = "POST /oauth/token"  # noqa: S105 - a path
SETTINGS: Final = "GET /backend-api/wham/settings/user"
WHOAMI: Final = "GET /v1/user-auth-credential/whoami"
LIMITS: Final = (
    "GET /backend-api/wham/rate-limit-reset-credits",
    SETTINGS,
    "GET /backend-api/wham/usage",
)
IN_THE_BACKGROUND: Final = (ACCOUNTS_CHECK, BUNDLE, REQUIREMENTS, SETTINGS)
BACKGROUND_LIMIT: Final = 9
"""How often each of these may be asked in a story that says nothing of it."""


MANY: Final = 50
"""More attempts than a Codex makes while a probe lasts."""

_OF_A_TURN: Final = ("outcome", "message", "kind", "bearers", "account_ids", "host")


def expected(scenario: Scenario, release: Version = MEASURED) -> Expect:
    """Return all that must be seen of ``scenario`` on ``release``, its deviations included."""
    deviations = [one for one in scenario.deviations if release in one.releases]
    taken_for = [one.taken_for for one in deviations if one.taken_for]
    if taken_for:
        scenario = attrs.evolve(scenario, taken_for=taken_for[-1])
    seen = scenario.expect.over(implied(scenario, release))
    outcome = _pinned_outcome(scenario.expect, *(one.expect for one in deviations))
    if outcome not in (UNSET, "initialized") and scenario.kind == "home":
        seen = scenario.expect.over(_not_started(seen, scenario.auth, outcome))
    for deviation in deviations:
        seen = deviation.expect.over(seen)
    return _of_release(seen, release)


def _pinned_outcome(*expectations: Expect) -> Any:
    """Return how Codex starts by the last of ``expectations`` that says so."""
    pinned = [one.start.outcome for one in expectations if one.start.outcome is not UNSET]
    return pinned[-1] if pinned else UNSET


def _not_started(seen: Expect, auth: Auth, outcome: Any) -> Expect:
    """Return ``seen`` with all that cannot be reached, since the app-server ended at its start."""
    why = f"not reached: {outcome}"
    kept = "absent" if isinstance(auth, NoAuth) else "untouched"
    nothing: dict[str, Any] = {"counts": {}, "refreshed_with": ()}
    return attrs.evolve(
        seen,
        start=Start(outcome=outcome),
        read=Read(error=why),
        status=Status(error=why),
        limits=Limits(error=why),
        turn=attrs.evolve(
            _completed(None, None),
            outcome="not reached",
            message=outcome,
            bearers=(),
            account_ids=(),
        ),
        home=attrs.evolve(_home(kept, auth, 0), exit="1"),
        requests=_requests({}),
        refresh=Refresh(error=why, auth_json=kept, host=(), **nothing),
        logout=Logout(error=why, notifications=(), auth_json=kept, revoked=(), **nothing),
    )


def without_deviations(scenario: Scenario, release: Version = MEASURED) -> Expect:
    """Return what would be right on ``release`` if it did not deviate."""
    return expected(attrs.evolve(scenario, deviations=()), release)


def implied(scenario: Scenario, release: Version = MEASURED) -> Expect:
    """Return what must be seen of ``scenario`` by what Codex takes its state for."""
    home = scenario.taken_for or scenario.auth
    if isinstance(home, RefusedToken):
        seen = _refused_token(home, release)
    elif isinstance(home, PersonalAccessToken):
        seen = _personal_access_token(home, release, stored=home == scenario.auth)
    else:
        seen = _home_alone(home, granted=_grants(scenario), release=release)
    if scenario.kind == "host":
        seen = _with_host(seen, home, scenario)
    if not _requires_openai_auth(scenario.config):
        seen = _not_required(seen, release)
    seen = _with_file(seen, scenario, release)
    if scenario.kind == "story":
        seen = _told(seen, scenario)
    return _of_release(_reaching(seen, scenario.reaches) if scenario.reaches else seen, release)


def _told(seen: Expect, scenario: Scenario) -> Expect:
    """Return what is seen of a story by itself: that every step goes well, on the home as it was.

    What Codex asks in the background beside, and how often, is not what a story is about.
    """
    steps = by_name(scenario.story)
    put = [step.given["auth"] for step in scenario.story if step.verb == "put" and not step.home]
    if put:
        kept = "absent" if isinstance(put[-1], NoAuth) else "untouched"
        seen = attrs.evolve(seen, home=_home(kept, put[-1], f"put-{len(put)}"))
    verbs = Counter(step.verb for step in steps.values())
    asked: dict[str, Any] = dict.fromkeys((*IN_THE_BACKGROUND, MODELS), at_most(BACKGROUND_LIMIT))
    asked |= {endpoint: verbs["limits"] for endpoint in LIMITS if verbs["limits"]}
    asked |= {SETTINGS: at_most(BACKGROUND_LIMIT), RESPONSES: verbs["turn"] + verbs["exec"]}
    refreshed = seen.requests.counts.get(TOKEN, 0)
    return attrs.evolve(
        seen,
        story=Story(**{name: _step(seen, step) for name, step in steps.items()}),
        requests=attrs.evolve(seen.requests, counts={**_counts(asked), TOKEN: refreshed}),
    )


def _step(seen: Expect, step: Step) -> Any:
    """Return what is seen of one step of a story by itself."""
    turn = seen.turn
    ran = Ran(exit_code=0, text=UNSAID)
    records: Mapping[str, Any] = {
        "start": seen.start,
        "read": seen.read,
        "status": seen.status
        if step.given.get("token", True)
        else attrs.evolve(seen.status, auth_token=None),
        "limits": seen.limits,
        "turn": turn,
        "login": Login(messages=UNSAID, error=None),
        "logout": Logout(notifications=UNSAID, error=None, account=None),
        "call": Called(result=UNSAID, error=None),
        "hear": Heard(messages=UNSAID, error=None),
        "visit": Visited(status=302, location=UNSAID, text=UNSAID),
        "exec": attrs.evolve(ran, text="", bearers=turn.bearers, account_ids=turn.account_ids),
        "run": attrs.evolve(ran, bearers=(), account_ids=()),
        "finish": attrs.evolve(ran, bearers=(), account_ids=()),
        "look": File(auth_json=UNSAID),
        "stop": Ended(exit="0"),
        "kill": Ended(exit="hung"),
    }
    return records[step.verb]


def _requires_openai_auth(config: Mapping[str, Any] | str) -> bool:
    """Whether the provider of the model wants a sign-in, as the one of the harness does."""
    if isinstance(config, str):
        return True
    name = config.get("model_provider", "fake")
    provider = config.get("model_providers", {}).get(name, {})
    return bool(provider.get("requires_openai_auth", name in ("fake", "openai")))


def _not_required(seen: Expect, release: Version) -> Expect:
    """Return ``seen`` where the provider wants no sign-in: there is one, and nobody is shown it."""
    records = {probe: getattr(seen, probe) for probe in PROBES}
    for probe, record in records.items():
        counts = fields_of(record).get("counts")
        if counts is not None:
            records[probe] = attrs.evolve(record, counts={**counts, ACCOUNTS_CHECK: 0})
    nobody: dict[str, Any] = {"auth_method": None, "auth_token": None}
    return Expect(
        **{
            **records,
            "read": attrs.evolve(seen.read, account=None, requires_openai_auth=False),
            "status": attrs.evolve(seen.status, requires_openai_auth=False, **nobody),
            "refresh": attrs.evolve(records["refresh"], account=None, **nobody),
            "turn": seen.turn if release < NO_AMBIENT_BEARER else _completed(None, None),
        }
    )


def _reaching(seen: Expect, machines: Sequence[str]) -> Expect:
    """Return ``seen`` with attempts to reach other machines, which chance decides.

    Some of them Codex leaves to git, which may still be at it when Codex ends.
    """
    attempts = {f"CONNECT {machine}:443": at_most(MANY) for machine in machines}
    records = {probe: getattr(seen, probe) for probe in PROBES}
    for probe, record in records.items():
        counts = fields_of(record).get("counts")
        if counts is not None:
            records[probe] = attrs.evolve(record, counts={**counts, **attempts})
    home = attrs.evolve(seen.home, exit=matching(r"^0(, leaving (git\S*(, )?)+)?$"))
    return Expect(**{**records, "home": home})


def _of_release(seen: Expect, release: Version) -> Expect:
    """Return ``seen`` without what came after ``release``."""
    records = {probe: getattr(seen, probe) for probe in PROBES}
    steps = {
        name: _record_of_release("", record, release) for name, record in seen.story.steps.items()
    }
    records = {probe: _record_of_release(probe, one, release) for probe, one in records.items()}
    return Expect(**{**records, "story": Story(**steps)})


def _record_of_release(probe: str, record: Any, release: Version) -> Any:
    """Return the record of ``probe``, or of a step, without what came after ``release``."""
    if isinstance(record, Story):
        return record
    known: dict[str, Any] = {}
    fields = fields_of(record)
    if "counts" in fields:
        asked = {name: n for name, n in fields["counts"].items() if asked_by(name, release)}
        known["counts"] = asked
    if "revoked" in fields and not asked_by(REVOKE, release):
        known["revoked"] = ()
    for said in ("notifications", "messages"):
        if release < PLAN_IN_UPDATES and isinstance(fields.get(said), tuple):
            known[said] = tuple(map(_without_plan, fields[said]))
    if probe == "home" and fields.get("auth_json") in ("rewritten", "created"):
        locks = {name for name, since in LOCKS.items() if release >= since}
        known["appeared"] = tuple(sorted({*fields["appeared"], *locks}))
    if probe == "home" and release in LOGS_THE_HOST and _leaks_nothing(fields.get("leaked")):
        known["leaked"] = every(r"^(a piece of )?host-\d+ in codex-home/logs_\d\.sqlite$")
    return attrs.evolve(record, **known)


def _leaks_nothing(leaked: Any) -> bool:
    """Whether nothing is expected to leak; a matcher, which may equal that, says otherwise."""
    return isinstance(leaked, tuple) and not leaked


def _without_plan(message: Any) -> Any:
    if not isinstance(message, Mapping) or message.get("method") != "account/updated":
        return message
    params = {name: value for name, value in message["params"].items() if name != "planType"}
    return {**message, "params": params}


def _home_alone(auth: Reading, *, granted: bool, release: Version) -> Expect:
    if isinstance(auth, ChatGptAuth):
        return _chatgpt(auth, granted=granted, release=release)
    if isinstance(auth, ApiKeyAuth):
        return _api_key(auth, release)
    return _signed_out(unreadable=isinstance(auth, RawAuth))


def _with_host(home: Expect, auth: Reading, scenario: Scenario) -> Expect:
    """Return what is seen once a host has logged in, over a home that by itself implies ``home``.

    Another app-server knows only the home. With ``taken_for``, so does the one of the host.
    """
    assert scenario.host
    seen = home if scenario.taken_for else _external(scenario.host, _startup(auth))
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


def _external(host: Host, startup: Mapping[str, Any]) -> Expect:
    """Signed in by a host with the last of its tokens: in memory, and refreshed by nobody."""
    logins = [login for login in as_sequence(host.logins) if isinstance(login, HostTokens)]
    if not logins:
        return _signed_out(unreadable=False)
    tokens, token = logins[-1], f"host-{len(logins) - 1}"
    account = {
        "type": "chatgpt",
        "email": tokens.claims.email,
        "planType": _plan(tokens.plan_type or tokens.claims.plan_type),
    }
    start = {
        ACCOUNTS_CHECK: startup.get(ACCOUNTS_CHECK, 0) + len(logins),
        BUNDLE: startup.get(BUNDLE, 0),
        MODELS: at_most(2 + 2 * len(logins)),
    }
    return Expect(
        start=Start(outcome="initialized"),
        login=Login(messages=[said for login in logins for said in _logged_in(login)], error=None),
        read=Read(account=account, requires_openai_auth=True, error=None),
        status=Status(
            auth_method="chatgptAuthTokens", auth_token=token, requires_openai_auth=True, error=None
        ),
        limits=Limits(
            plan_type=_plan(tokens.claims.plan_type or "free"), used_percent=10, error=None
        ),
        turn=_completed(token, tokens.account_id),
        requests=_requests({**start, **dict.fromkeys(LIMITS, 1)}),
        refresh=attrs.evolve(
            _not_refreshed(account, "chatgptAuthTokens", token), counts=_counts(start)
        ),
        logout=_logged_out(counts=start),
    )


def _logged_in(tokens: HostTokens) -> Sequence[Mapping[str, Any]]:
    """Return what Codex says of a login that went well, in order."""
    plan = _plan(tokens.plan_type or tokens.claims.plan_type)
    return (
        {"result": {"type": "chatgptAuthTokens"}},
        login_completed(),
        account_updated("chatgptAuthTokens", plan),
    )


def _startup(auth: Reading) -> Mapping[str, Any]:
    """Return what Codex asks for at its start because of what lies in the home."""
    if not isinstance(auth, (ChatGptAuth, PersonalAccessToken)):
        return {}
    of_workspace = 1 if auth.claims.plan_type in WORKSPACE_PLANS else 0
    return {
        ACCOUNTS_CHECK: 1 if auth.account_id else 0,
        BUNDLE: of_workspace,
        REQUIREMENTS: of_workspace,
        MODELS: at_most(2),
    }


def _chatgpt(auth: ChatGptAuth, *, granted: bool, release: Version) -> Expect:
    """Signed in with ChatGPT. Without an account id Codex refreshes nothing."""
    forced = 1 if granted and (auth.account_id or release < ACCOUNT_GUARDED) else 0
    refreshes = forced if _is_due(auth, datetime.now(UTC), release) else 0
    token, forced_token = f"access-{refreshes}", f"access-{refreshes + forced}"
    redeemed = tuple(f"refresh-{serial}" for serial in range(refreshes + forced))
    account = {
        "type": "chatgpt",
        "email": auth.claims.email,
        "planType": _plan(auth.claims.plan_type),
    }
    start: dict[str, Any] = {**_startup(auth), TOKEN: refreshes}
    on_refresh = {**start, ACCOUNTS_CHECK: start[ACCOUNTS_CHECK] + forced, TOKEN: len(redeemed)}
    return Expect(
        start=Start(outcome="initialized"),
        read=Read(account=account, requires_openai_auth=True, error=None),
        status=Status(
            auth_method="chatgpt", auth_token=token, requires_openai_auth=True, error=None
        ),
        limits=Limits(
            plan_type=_plan(auth.claims.plan_type or "free"), used_percent=10, error=None
        ),
        turn=_completed(token, auth.account_id),
        home=_home("rewritten" if refreshes else "untouched", auth, refreshes),
        requests=_requests(
            {**start, **dict.fromkeys(LIMITS, 1), RESPONSES: 1}, redeemed[:refreshes]
        ),
        refresh=Refresh(
            account=account,
            error=None,
            auth_method="chatgpt",
            auth_token=forced_token,
            auth_json="rewritten" if redeemed else "untouched",
            auth=_contents(auth, len(redeemed)),
            mode="0600",
            counts=_counts(on_refresh),
            refreshed_with=redeemed,
            host=(),
        ),
        logout=_logged_out(
            counts={**start, REVOKE: 1},
            revoked=(f"refresh-{refreshes}",),
            refreshed_with=redeemed[:refreshes],
        ),
        cli_status=_status_said(0, "Logged in using ChatGPT"),
    )


def _personal_access_token(auth: PersonalAccessToken, release: Version, *, stored: bool) -> Expect:
    """Signed in with a token of which only the backend knows whose it is.

    One that is not stored stands in the environment, and is still there after a logout.
    """
    token = "personal-access-token" if stored else "$CODEX_ACCESS_TOKEN"
    account = {
        "type": "chatgpt",
        "email": auth.claims.email,
        "planType": _plan(auth.claims.plan_type),
    }
    start = {**_startup(auth), WHOAMI: 2}
    asked = (2 if stored else 3) + (1 if release in ASKED_ONCE_MORE else 0)
    logout = _logged_out(counts={**start, WHOAMI: asked})
    if not stored:
        params = {"authMode": "personalAccessToken", "planType": None}
        logout = attrs.evolve(
            logout,
            notifications=({"method": "account/updated", "params": params},),
            account=account,
            counts={**logout.counts, ACCOUNTS_CHECK: 2 * start[ACCOUNTS_CHECK]},
        )
    return Expect(
        start=Start(outcome="initialized"),
        read=Read(account=account, requires_openai_auth=True, error=None),
        status=Status(
            auth_method="personalAccessToken",
            auth_token=None,
            requires_openai_auth=True,
            error=None,
        ),
        limits=Limits(
            plan_type=_plan(auth.claims.plan_type or "free"), used_percent=10, error=None
        ),
        turn=_completed(token, auth.account_id),
        home=_home("untouched", auth, 0),
        requests=_requests({**start, **dict.fromkeys(LIMITS, 1), RESPONSES: 1}),
        refresh=attrs.evolve(
            _not_refreshed(account, "personalAccessToken", None), counts=_counts(start)
        ),
        logout=logout,
        cli_status=CliStatus(
            exit_code=0, text="Logged in using personal access token", counts={WHOAMI: 1}
        ),
    )


def _refused_token(refused: RefusedToken, release: Version) -> Expect:
    """Signed out by a token that Codex asks for anew each time, as it never has an answer."""
    seen = _signed_out(unreadable=False)
    # A slow machine gives Codex the time to ask once more.
    thrice = between(3, 5)
    asked = (4 if refused.in_environment else 3) + (1 if release in ASKED_ONCE_MORE else 0)
    logout = _logged_out(counts={WHOAMI: between(asked, asked + 2)})
    if release >= LOGOUT_LOADS:
        error = RpcError(INTERNAL_ERROR, f"logout failed: {refused.fault}")
        logout = attrs.evolve(logout, error=error, notifications=(), counts={WHOAMI: between(4, 6)})
    return attrs.evolve(
        seen,
        requests=_requests({RESPONSES: 1, WHOAMI: thrice}),
        refresh=attrs.evolve(seen.refresh, counts={WHOAMI: thrice}),
        logout=logout,
        cli_status=CliStatus(
            exit_code=1,
            text=f"Error checking login status: {refused.fault}",
            counts={WHOAMI: 1},
        ),
    )


def _api_key(auth: ApiKeyAuth, release: Version) -> Expect:
    """Signed in with an API key: nothing to refresh, nothing to revoke, no rate limits."""
    account = {"type": "apiKey"}
    text = API_KEY_CONFIGURED if release >= API_KEY_UNCHECKED else API_KEY_LOGGED_IN
    return Expect(
        start=Start(outcome="initialized"),
        read=Read(account=account, requires_openai_auth=True, error=None),
        status=Status(
            auth_method="apikey",
            auth_token="api-key",  # noqa: S106 - a name
            requires_openai_auth=True,
            error=None,
        ),
        limits=_no_limits("chatgpt authentication required to read rate limits"),
        turn=_completed("api-key", None),
        home=_home("untouched", auth, 0),
        requests=_requests({RESPONSES: 1}),
        refresh=_not_refreshed(account, "apikey", "api-key"),
        logout=_logged_out(),
        cli_status=_status_said(0, text.format(f"{auth.api_key[:8]}***{auth.api_key[-5:]}")),
    )


def _signed_out(*, unreadable: bool) -> Expect:
    """Signed out: the turn is tried all the same, without a bearer."""
    return Expect(
        start=Start(outcome="initialized"),
        read=Read(account=None, requires_openai_auth=True, error=None),
        status=Status(auth_method=None, auth_token=None, requires_openai_auth=True, error=None),
        limits=_no_limits("codex account authentication required to read rate limits"),
        turn=_completed(None, None),
        requests=_requests({RESPONSES: 1}),
        refresh=_not_refreshed(None, None, None),
        logout=_logged_out(),
        cli_status=(
            CliStatus(exit_code=1, auth_json="untouched", counts={})
            if unreadable
            else _status_said(1, "Not logged in")
        ),
    )


def _grants(scenario: Scenario) -> bool:
    """Whether the token endpoint grants whatever it is asked for."""
    answers = as_sequence(scenario.backend.token)
    return all(isinstance(answer, (Healthy, Grant)) for answer in answers)


def _with_file(seen: Expect, scenario: Scenario, release: Version) -> Expect:
    """Return ``seen`` with what becomes of the file that really lies in the home.

    ``codex logout`` asks no policy: it revokes and removes what the file holds.
    """
    auth = scenario.auth
    kept, removed = ("absent", "absent") if isinstance(auth, NoAuth) else ("untouched", "removed")
    revoked = {REVOKE: 1} if isinstance(auth, ChatGptAuth) else {}
    asked = _asked_by_cli_logout(scenario) if release < LOGOUT_ASKS_NOBODY else {}
    home = seen.home
    as_declared = scenario.taken_for in (None, auth) and scenario.host is None
    if not (as_declared and isinstance(auth, (ChatGptAuth, ApiKeyAuth, PersonalAccessToken))):
        home = _home(kept, auth, 0)
        seen = attrs.evolve(seen, refresh=attrs.evolve(seen.refresh, auth_json=kept))
    return attrs.evolve(
        seen,
        home=home,
        wire=_as_agreed(scenario),
        logout=attrs.evolve(
            seen.logout,
            auth_json=kept if seen.logout.error and scenario.kind == "home" else removed,
        ),
        cli_status=attrs.evolve(seen.cli_status, auth_json=kept),
        cli_logout=CliLogout(
            exit_code=0,
            text="Not logged in" if isinstance(auth, NoAuth) else "Successfully logged out",
            auth_json=removed,
            revoked=("refresh-0",) if revoked and not asked else (),
            counts=asked or revoked,
        ),
    )


def _asked_by_cli_logout(scenario: Scenario) -> Mapping[str, int]:
    home = scenario.taken_for or scenario.auth
    if isinstance(home, PersonalAccessToken):
        return {WHOAMI: 1 if home == scenario.auth else 2}
    return {}


def _as_agreed(scenario: Scenario) -> Wire:
    """Both sides keep to the protocol, but for a host that is told what to say word by word."""
    wire = Wire(violations=(), error=None)
    speaks_raw = scenario.host is not None and scenario.host.speaks_raw
    return wire if speaks_raw else attrs.evolve(wire, client_violations=())


def _completed(bearer: str | None, account_id: str | None) -> Turn:
    return Turn(
        outcome="completed",
        message=None,
        kind=None,
        bearers=(bearer,),
        account_ids=(account_id,),
        host=(),
    )


def _requests(counts: Mapping[str, Any], refreshed_with: tuple[str, ...] = ()) -> Requests:
    return Requests(counts=_counts(counts), refreshed_with=refreshed_with, revoked=(), host=())


def _no_limits(message: str) -> Limits:
    error = RpcError(INVALID_REQUEST, message)
    return Limits(plan_type=None, used_percent=None, error=error)


def _home(auth_json: str, auth: Any, serial: int | str) -> Home:
    seen = Home(auth_json=auth_json, appeared=(), leaked=(), exit="0")
    if isinstance(auth, NoAuth):
        return attrs.evolve(seen, auth=None, layout=None, mode=None)
    if isinstance(auth, ChatGptAuth):
        seen = attrs.evolve(seen, auth=_contents(auth, serial))
    return attrs.evolve(
        seen, mode="0600", **({} if isinstance(auth, RawAuth) else {"layout": True})
    )


def _contents(auth: ChatGptAuth, serial: int | str) -> Mapping[str, Any]:
    """Return ``auth.json`` after the refresh number ``serial``, tokens by name."""
    return stored_tokens(serial, account_id=auth.account_id)


def _not_refreshed(account: Any, method: str | None, token: str | None) -> Refresh:
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


def _logged_out(
    counts: Mapping[str, Any] | None = None,
    revoked: tuple[str, ...] = (),
    refreshed_with: tuple[str, ...] = (),
) -> Logout:
    return Logout(
        error=None,
        notifications=(account_updated(None),),
        account=None,
        revoked=revoked,
        refreshed_with=refreshed_with,
        counts=_counts(counts or {}),
    )


def _status_said(exit_code: int, text: str) -> CliStatus:
    return CliStatus(exit_code=exit_code, text=text, counts={})


def _counts(counts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {endpoint: count for endpoint, count in sorted(counts.items()) if count}


def _plan(plan: str | None) -> str:
    plan = PLAN_ALIASES.get(plan or "", plan)
    return plan if plan in KNOWN_PLANS else "unknown"


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
