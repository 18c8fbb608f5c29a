"""What a fixture implies: the whole expectation of a scenario that declares none.

This is what a Codex in order does with a home in order (0.163.0). It knows a sign-in with ChatGPT,
one with an API key, one by a host, and no sign-in; a refresh that is due and granted; and nothing
of policy or of a backend that refuses. Whatever else is right, a scenario says itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
from packaging.version import Version

from harness.declare.answers import Grant, Healthy, as_sequence, asked_by
from harness.declare.auth import (
    LEFT_OUT,
    NOT_GIVEN,
    ApiKeyAuth,
    Auth,
    ChatGptAuth,
    EditedAuth,
    NoAuth,
    NoTokens,
    PersonalAccessToken,
    RawAuth,
    Reading,
    RefusedToken,
    Unreadable,
)
from harness.declare.do import Step, by_name
from harness.declare.host import LOGINS_THAT_A_PERSON_ENDS, Host, HostTokens
from harness.declare.layout import ORDINARY, Layout
from harness.declare.releases import Range
from harness.declare.scenario import Scenario
from harness.declare.tokens import AccessToken, IdTokenClaims, TokenError, decode_jwt
from harness.seen.records import (
    PROBES,
    UNSAID,
    UNSET,
    Called,
    CliLogout,
    CliStatus,
    Either,
    Ended,
    Expect,
    File,
    Heard,
    Home,
    Limits,
    Login,
    Logout,
    Matcher,
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
    Used,
    Visited,
    Wire,
    at_most,
    between,
    either,
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

NEVER: Final = Version("9999")
"""The release of what has not come yet."""

PLANS: Final = {
    **dict.fromkeys(
        ("free", "go", "plus", "pro", "team", "business", "enterprise", "edu"), Version("0.93.0")
    ),
    "prolite": Version("0.121.0"),
    "self_serve_business_usage_based": Version("0.118.0"),
    "enterprise_cbp_usage_based": Version("0.118.0"),
    "hc": Version("0.117.0"),
    "education": Version("0.128.0"),
    "self_serve_business_prolite": Version("0.147.0"),
    "ent26": Version("0.146.0"),
    "enterprise_cbp_automation": Version("0.147.0"),
    "edu_plus": Version("0.149.0"),
    "edu_pro": Version("0.149.0"),
    "promax": Version("0.158.0"),
    "sci": Version("0.164.0"),
    "sci_plus": Version("0.164.0"),
}
"""The plans that Codex knows from an id token, and since when; any other is ``unknown``."""

PLAN_ALIASES: Final = {"hc": "enterprise", "education": "edu"}

WORKSPACE_PLANS: Final = {
    **dict.fromkeys(PLANS, NEVER),
    "edu": Version("0.137.0"),
    "education": Version("0.137.0"),
    **dict.fromkeys(
        (
            *("business", "enterprise", "ent26", "enterprise_cbp_automation"),
            *("enterprise_cbp_usage_based", "edu_plus", "edu_pro", "hc", "sci", "sci_plus"),
        ),
        Version("0.93.0"),
    ),
}
"""The plans for which Codex asks for the workspace's config at its start, and since when.

It asks for none that it does not know.
"""

USAGE_PLANS: Final = frozenset({"guest", "free_workspace", "quorum", "k12"})
"""More plans that the rate limits may name without harm, where others are an error."""

ANY_USAGE_PLAN: Final = Version("0.118.0")
"""From here on the rate limits may name a plan that Codex does not know."""

MEASURED: Final = Version("0.163.0")
"""The release on which the expectations were measured first."""

ACCOUNT_WITHOUT_EMAIL: Final = Version("0.142.0")
"""From here on an account needs no e-mail address."""

ACCOUNT_WITHOUT_PLAN: Final = Version("0.107.0")
"""From here on an account needs no plan."""

SENT_WITHOUT_BEARER: Final = Version("0.123.0")
"""From here on Codex sends without a bearer what it has no token for; before, it sends nothing."""

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

UNREADABLE_KEPT: Final = Version("0.169.0")
"""From here on the app-server logs out of nothing that it cannot read; texts are shorter."""

AUTH_MODES: Final = {
    "apikey": Version("0.93.0"),
    "chatgpt": Version("0.93.0"),
    "chatgptAuthTokens": Version("0.93.0"),
    "headers": Version("0.144.0"),
    "agentIdentity": Version("0.124.0"),
    "personalAccessToken": Version("0.138.0"),
    "bedrockApiKey": Version("0.138.0"),
    "bedrockAccessKeys": Version("0.150.0"),
}
"""The values of ``auth_mode`` in the order in which Codex names them, and since when it does."""

MADE_ANEW: Final = Version("0.169.0")
"""From here on Codex replaces ``auth.json``; before, it writes into it, and the mode stays."""

LOCKS: Final = {"auth.lock": Version("0.166.0"), "auth.json.lock": Version("0.169.0")}
"""What Codex leaves beside an ``auth.json`` that it has written or removed, and since when."""

LOGS_THE_HOST: Final = Range(">=0.110.0,<0.150.0")
"""Releases whose log database may hold the tokens with which a host answers a refresh.

It does not always: Codex writes its log in the background, and may end before.
"""

STATUS_IN_KIND: Final = Version("0.158.0")
"""From here on the kind of a failed turn tells an HTTP status; before, it is ``other``."""

ROUTED: Final = Version("0.156.0")
"""From here on ``account/read`` tells where the workspace of the account is served."""

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
SUCCESS_PAGE: Final = r"^/success\?id_token=id-\d+&"
"""Where a browser ends whose login went well."""

IN_THE_BACKGROUND: Final = (ACCOUNTS_CHECK, BUNDLE, REQUIREMENTS, SETTINGS)
BACKGROUND_LIMIT: Final = 9
"""How often each of these may be asked in a story that says nothing of it."""


MANY: Final = 50
"""More attempts than a Codex makes while a probe lasts."""

TURNS: Final = ("turn", "exec", "sdk")
"""Steps of a story that ask the model once."""

_OF_A_TURN: Final = ("outcome", "message", "kind", "bearers", "account_ids", "host")


def expected(scenario: Scenario, release: Version = MEASURED) -> Expect:
    """Return all that must be seen of ``scenario`` on ``release``, its deviations included."""
    deviations = [one for one in scenario.deviations if release in one.releases]
    taken_for = [one.taken_for for one in deviations if one.taken_for]
    if taken_for:
        scenario = attrs.evolve(scenario, taken_for=taken_for[-1])
    seen = _over(implied(scenario, release), scenario.expect)
    outcome = _pinned_outcome(scenario.expect, *(one.expect for one in deviations))
    if outcome not in (UNSET, "initialized") and scenario.kind == "home":
        seen = scenario.expect.over(_not_started(seen, scenario.auth, outcome))
    for deviation in deviations:
        seen = _over(seen, deviation.expect)
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
    home = _taken_for(scenario)
    if isinstance(home, RefusedToken):
        seen = _refused_token(home, release)
    elif isinstance(home, PersonalAccessToken):
        seen = _personal_access_token(home, release, stored=home == scenario.auth)
    else:
        seen = _home_alone(home, granted=_grants(scenario), release=release)
    if scenario.kind == "host":
        seen = _with_host(seen, home, scenario, release)
    if not _requires_openai_auth(scenario.config):
        seen = _not_required(seen, release)
    seen = _with_layout(_with_file(seen, scenario, release), scenario.layout)
    if scenario.kind == "story":
        seen = _told(seen, scenario, release)
    return _of_release(_reaching(seen, scenario.reaches) if scenario.reaches else seen, release)


def _with_layout(seen: Expect, layout: Layout) -> Expect:
    """Return ``seen`` with the mode of a file that Codex finds, and keeps."""
    if layout.file_mode == ORDINARY.file_mode:
        return seen
    return attrs.evolve(
        seen,
        home=attrs.evolve(seen.home, mode=layout.file_mode),
        refresh=attrs.evolve(seen.refresh, mode=layout.file_mode),
    )


def _over(seen: Expect, pinned: Expect) -> Expect:
    """Return ``pinned`` over ``seen``, with what follows from what becomes of ``auth.json``."""
    home = seen.home
    if pinned.home.auth_json in ("removed", "absent"):
        home = attrs.evolve(home, auth=None, layout=None, mode=None)
    elif pinned.home.auth_json == "created":
        home = attrs.evolve(home, layout=True, mode="0600")
    return pinned.over(attrs.evolve(seen, home=home))


def _told(seen: Expect, scenario: Scenario, release: Version) -> Expect:
    """Return what is seen of a story by itself: that every step goes well, on the home as it was.

    What Codex asks in the background beside, and how often, is not what a story is about; nor is
    whether it has written at some time, and so has left its locks.
    """
    steps = by_name(scenario.story)
    put = [step.given["auth"] for step in scenario.story if step.verb == "put" and not step.home]
    if put:
        kept = "absent" if isinstance(put[-1], NoAuth) else "untouched"
        seen = attrs.evolve(seen, home=_home(kept, put[-1], f"put-{len(put)}"))
        if isinstance(put[-1], ChatGptAuth):
            seen = attrs.evolve(seen, home=_with_id_token(seen.home, [scenario.auth, *put]))
    if release >= min(LOCKS.values()):
        locks = "|".join(map(re.escape, LOCKS))
        seen = attrs.evolve(seen, home=attrs.evolve(seen.home, appeared=every(f"^({locks})$")))
    verbs = Counter(step.verb for step in steps.values())
    asked: dict[str, Any] = dict.fromkeys((*IN_THE_BACKGROUND, MODELS), at_most(BACKGROUND_LIMIT))
    asked |= {endpoint: verbs["limits"] for endpoint in LIMITS if verbs["limits"]}
    asked |= {SETTINGS: at_most(BACKGROUND_LIMIT), RESPONSES: sum(verbs[verb] for verb in TURNS)}
    refreshed = seen.requests.counts.get(TOKEN, 0)
    return attrs.evolve(
        seen,
        story=Story(
            **{name: _step(seen, step, logins, release) for name, step, logins in _numbered(steps)}
        ),
        requests=attrs.evolve(seen.requests, counts={**_counts(asked), TOKEN: refreshed}),
    )


def _numbered(steps: Mapping[str, Step]) -> Iterator[tuple[str, Step, int]]:
    """Yield each step by name, with how many logins that a person ends are begun by then."""
    logins = 0
    for name, step in steps.items():
        logins += _login_type(step) in LOGINS_THAT_A_PERSON_ENDS
        yield name, step, logins


def _login_type(step: Step) -> str:
    params = step.given.get("params")
    return str(params.get("type")) if step.verb == "login" and isinstance(params, Mapping) else ""


def _said_of_login(step: Step, logins: int, release: Version) -> Any:
    """Return what is said when a login goes well; one that a person ends has then but begun."""
    kind = _login_type(step)
    if kind in LOGINS_THAT_A_PERSON_ENDS:
        return [{"result": {"type": kind, "loginId": f"login-{logins}"}}]
    if kind == "apiKey":
        return [{"result": {"type": kind}}, login_completed(), account_updated("apikey")]
    tokens = step.given["params"]
    return list(_logged_in(tokens, release)) if isinstance(tokens, HostTokens) else UNSAID


def _with_id_token(home: Home, one_after_the_other: Sequence[Auth]) -> Home:
    """Return ``home`` with the name of its id token, which is that of the first with its claims."""
    claims = [getattr(auth, "claims", None) for auth in one_after_the_other]
    first = claims.index(claims[-1])
    tokens = {**home.auth["tokens"], "id_token": f"id-put-{first}" if first else "id-0"}
    return attrs.evolve(home, auth={**home.auth, "tokens": tokens})


def _step(seen: Expect, step: Step, logins: int, release: Version) -> Any:
    """Return what is seen of one step of a story by itself."""
    if step.verb == "login":
        return Login(messages=_said_of_login(step, logins, release), error=None)
    turn = seen.turn
    ran = Ran(exit_code=0, text=UNSAID)
    records: Mapping[str, Any] = {
        "start": seen.start,
        "read": attrs.evolve(seen.read, routing=UNSET),
        "status": seen.status
        if step.given.get("token", True)
        else attrs.evolve(seen.status, auth_token=None),
        "limits": seen.limits,
        "turn": turn,
        "logout": Logout(notifications=[account_updated(None)], error=None, account=None),
        "call": Called(result=UNSAID, error=None),
        "hear": Heard(messages=UNSAID, error=None),
        "visit": Visited(
            status=302, location=matching(SUCCESS_PAGE), text=matching("Signed in to Codex")
        ),
        "exec": attrs.evolve(ran, text="", bearers=turn.bearers, account_ids=turn.account_ids),
        "run": attrs.evolve(ran, bearers=(), account_ids=()),
        "finish": attrs.evolve(ran, bearers=(), account_ids=()),
        "sdk": Used(
            account=seen.read.account,
            outcome=turn.outcome,
            message=None,
            bearers=turn.bearers,
            account_ids=turn.account_ids,
        ),
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

    Some of them Codex leaves to other programs, which may still be at it when Codex ends.
    """
    attempts = {f"CONNECT {machine}:443": at_most(MANY) for machine in machines}
    records = {probe: getattr(seen, probe) for probe in PROBES}
    for probe, record in records.items():
        counts = fields_of(record).get("counts")
        if counts is not None:
            records[probe] = attrs.evolve(record, counts={**counts, **attempts})
    home = attrs.evolve(seen.home, exit=matching(r"^0(, leaving .+)?$"))
    return Expect(**{**records, "home": home})


def _taken_for(scenario: Scenario) -> Reading:
    """Return what Codex takes the home for."""
    home = scenario.taken_for or scenario.auth
    return home.auth if isinstance(home, EditedAuth) else home


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
    if release < STATUS_IN_KIND and _tells_a_status(fields.get("kind")):
        known["kind"] = "other"
    if "routing" in fields and (release < ROUTED or fields.get("account") is None):
        known["routing"] = None
    for said in ("notifications", "messages"):
        if release < PLAN_IN_UPDATES and said in fields:
            known[said] = _without_plans(fields[said])
    if fields.get("auth_json") == "rewritten" and "mode" in fields and release >= MADE_ANEW:
        known["mode"] = "0600"
    if probe == "home":
        known |= _left_in_home(fields, release)
    return attrs.evolve(record, **known)


def _left_in_home(fields: Mapping[str, Any], release: Version) -> Mapping[str, Any]:
    """Return what else a release leaves in the home, beside ``auth.json``."""
    left: dict[str, Any] = {}
    if isinstance(fields.get("appeared"), tuple):
        left["appeared"] = _appeared(fields["appeared"], fields.get("auth_json"), release)
    if release in LOGS_THE_HOST and _leaks_nothing(fields.get("leaked")):
        left["leaked"] = every(r"^(a piece of )?host-\d+ in codex-home/logs_\d\.sqlite$")
    return left


def _leaks_nothing(leaked: Any) -> bool:
    """Whether nothing is expected to leak; a matcher, which may equal that, says otherwise."""
    return isinstance(leaked, tuple) and not leaked


def _appeared(names: tuple[str, ...], auth_json: Any, release: Version) -> tuple[str, ...]:
    """Return the files that appear, of the locks beside ``auth.json`` those of this release."""
    locks = {name for name, since in LOCKS.items() if release >= since}
    left = locks if auth_json in ("rewritten", "created", "removed") else locks & {*names}
    return tuple(sorted({*names} - {*LOCKS} | left))


def _tells_a_status(kind: Any) -> bool:
    return isinstance(kind, Mapping) and "httpConnectionFailed" in kind


def _without_plans(said: Any) -> Any:
    if isinstance(said, Either):
        return either(*map(_without_plans, said.values))
    return tuple(map(_without_plan, said)) if isinstance(said, tuple) else said


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
    if isinstance(auth, Unreadable):
        return _unreadable(auth, release)
    if isinstance(auth, NoTokens):
        return _no_tokens(release)
    return _signed_out(unreadable=isinstance(auth, RawAuth))


def _with_host(home: Expect, auth: Reading, scenario: Scenario, release: Version) -> Expect:
    """Return what is seen once a host has logged in, over a home that by itself implies ``home``.

    Another app-server knows only the home. With ``taken_for``, so does the one of the host.
    """
    assert scenario.host
    seen = (
        home if scenario.taken_for else _external(scenario.host, _startup(auth, release), release)
    )
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
        return _signed_out(unreadable=False)
    tokens, token = logins[-1], f"host-{len(logins) - 1}"
    account = {
        "type": "chatgpt",
        "email": tokens.claims.email,
        "planType": _plan(tokens.plan_type or tokens.claims.plan_type, release),
    }
    start = {
        ACCOUNTS_CHECK: startup.get(ACCOUNTS_CHECK, 0) + len(logins),
        BUNDLE: startup.get(BUNDLE, 0),
        MODELS: at_most(2 + 2 * len(logins)),
    }
    return Expect(
        start=Start(outcome="initialized"),
        login=Login(
            messages=[said for login in logins for said in _logged_in(login, release)],
            error=None,
        ),
        read=_account(account, tokens.account_id),
        status=Status(
            auth_method="chatgptAuthTokens", auth_token=token, requires_openai_auth=True, error=None
        ),
        limits=_limits(tokens.claims.plan_type or "free", release),
        turn=_completed(token, tokens.account_id),
        requests=_requests({**start, **dict.fromkeys(LIMITS, 1)}),
        refresh=attrs.evolve(
            _not_refreshed(account, "chatgptAuthTokens", token), counts=_counts(start)
        ),
        logout=_logged_out(counts=start),
    )


def _logged_in(tokens: HostTokens, release: Version) -> Sequence[Mapping[str, Any]]:
    """Return what Codex says of a login that went well, in order."""
    plan = _plan(tokens.plan_type or tokens.claims.plan_type, release)
    return (
        {"result": {"type": "chatgptAuthTokens"}},
        login_completed(),
        account_updated("chatgptAuthTokens", plan),
    )


def _startup(auth: Reading, release: Version) -> Mapping[str, Any]:
    """Return what Codex asks for at its start because of what lies in the home."""
    if not isinstance(auth, (ChatGptAuth, PersonalAccessToken)):
        return {}
    plan = auth.claims.plan_type or ""
    of_workspace = 1 if _is_known(plan, release) and release >= WORKSPACE_PLANS[plan] else 0
    return {
        ACCOUNTS_CHECK: 1 if auth.account_id else 0,
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
    start: dict[str, Any] = {**_startup(auth, release), TOKEN: refreshes}
    on_refresh = {
        **start,
        ACCOUNTS_CHECK: start[ACCOUNTS_CHECK] * (1 + forced),
        TOKEN: len(redeemed),
    }
    return Expect(
        start=Start(outcome="initialized"),
        read=_account(account, auth.account_id)
        if account
        else Read(account=None, requires_openai_auth=None, error=error),
        status=Status(
            auth_method="chatgpt", auth_token=token, requires_openai_auth=True, error=None
        ),
        limits=_limits(auth.claims.plan_type or "free", release),
        turn=_completed(token, auth.account_id),
        home=_home("rewritten" if refreshes else "untouched", auth, refreshes),
        requests=_requests(
            {**start, **dict.fromkeys(LIMITS, 1), RESPONSES: 1}, redeemed[:refreshes]
        ),
        refresh=Refresh(
            account=account,
            error=error,
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
            revoked=(revoked,),
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
        "planType": _plan(auth.claims.plan_type, release),
    }
    start = {**_startup(auth, release), WHOAMI: 2}
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
        limits=_limits(auth.claims.plan_type or "free", release),
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
    plan = _plan(claims.plan_type, release)
    return {"type": "chatgpt", "email": claims.email, "planType": plan}, None


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
        read=_account(account),
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
        read=_account(None),
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


def _no_tokens(release: Version) -> Expect:
    """Signed in with ChatGPT by name: the turn is tried all the same, without a bearer."""
    seen, (_, error) = _signed_out(unreadable=False), _shown(None, release)
    counts: dict[str, Any] = {MODELS: at_most(2)}
    limits, turn, asked = seen.limits, seen.turn, {**dict.fromkeys(LIMITS, 1), RESPONSES: 1}
    if release < SENT_WITHOUT_BEARER:
        failed = "Token data is not available."
        limits = _no_limits(f"failed to construct backend client: {failed}", INTERNAL_ERROR)
        turn = attrs.evolve(
            turn, outcome="failed", message=failed, kind="other", bearers=(), account_ids=()
        )
        asked = {}
    else:
        limits = _limits("free", release)
    return attrs.evolve(
        seen,
        read=Read(account=None, requires_openai_auth=None, error=error),
        limits=limits,
        turn=turn,
        requests=_requests({**counts, **asked}),
        refresh=attrs.evolve(seen.refresh, error=error, counts=counts),
        logout=_logged_out(counts),
        cli_status=_status_said(0, "Logged in using ChatGPT"),
    )


def _unreadable(auth: Unreadable, release: Version) -> Expect:
    """Signed out by a file that cannot be used: only the command line says so, and why."""
    modes = ", ".join(f"`{mode}`" for mode, since in AUTH_MODES.items() if release >= since)
    fault, seen = auth.fault.replace("{modes}", modes), _signed_out(unreadable=True)
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


def _grants(scenario: Scenario) -> bool:
    """Whether the token endpoint grants whatever it is asked for."""
    answers = as_sequence(scenario.backend.token)
    return all(isinstance(answer, (Healthy, Grant)) for answer in answers)


def _with_file(seen: Expect, scenario: Scenario, release: Version) -> Expect:
    """Return ``seen`` with what becomes of the file that really lies in the home.

    ``codex logout`` asks no policy: it revokes and removes what the file holds.
    """
    auth, read_as = scenario.auth, _taken_for(scenario)
    kept, removed = ("absent", "absent") if isinstance(auth, NoAuth) else ("untouched", "removed")
    used = kept != "absent" and scenario.host is None
    holds = read_as if isinstance(auth, (EditedAuth, RawAuth)) else auth
    revoked: tuple[str, ...] = ()
    if isinstance(holds, ChatGptAuth):
        revoked = ("refresh-0" if holds.refresh_token else "access-0",)
    home, refresh = seen.home, seen.refresh
    if not (used and isinstance(read_as, (ChatGptAuth, ApiKeyAuth, PersonalAccessToken))):
        home, refresh = _home(kept, auth, 0), attrs.evolve(refresh, auth_json=kept)
    elif read_as != auth and home.auth_json == kept:
        home = _home(kept, RawAuth(b""), 0)
    if read_as != auth and refresh.auth_json == kept:
        refresh = attrs.evolve(refresh, auth=UNSET)
    if isinstance(auth, EditedAuth):
        home, refresh = (_keeping(record, auth.changes) for record in (home, refresh))
    asked = _asked_by_cli_logout(scenario) if release < LOGOUT_ASKS_NOBODY else {}
    logout = seen.logout
    if not isinstance(logout.auth_json, str):
        failed = logout.error and scenario.kind == "home"
        logout = attrs.evolve(logout, auth_json=kept if failed else removed)
    return attrs.evolve(
        seen,
        home=home,
        refresh=refresh,
        wire=_as_agreed(scenario),
        logout=logout,
        cli_status=attrs.evolve(seen.cli_status, auth_json=kept),
        cli_logout=CliLogout(
            exit_code=0,
            text="Not logged in" if isinstance(auth, NoAuth) else "Successfully logged out",
            auth_json=removed,
            revoked=() if asked else revoked,
            counts=asked or ({REVOKE: 1} if revoked else {}),
        ),
    )


def _keeping(record: Any, changes: Mapping[str, Any]) -> Any:
    """Return ``record`` with what Codex keeps of ``changes`` when it writes the file anew.

    It keeps a key that it does not use; what it does not know, and an ``auth_mode`` that is none,
    is lost.
    """
    if not isinstance(record.auth, Mapping):
        return record
    contents = dict(record.auth)
    tokens = changes.get("tokens")
    if changes.get("OPENAI_API_KEY"):
        contents["OPENAI_API_KEY"] = "api-key"
    if changes.get("auth_mode", "") in (None, LEFT_OUT):
        contents["auth_mode"] = LEFT_OUT
    contents |= dict.fromkeys(changes.keys() - {*contents, "last_refresh"}, LEFT_OUT)
    if isinstance(tokens, Mapping):
        unknown = dict.fromkeys(tokens.keys() - contents["tokens"].keys(), LEFT_OUT)
        contents["tokens"] = contents["tokens"] | unknown
    return attrs.evolve(record, auth=contents)


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


def _account(account: Mapping[str, Any] | None, workspace: str | None = None) -> Read:
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


def _no_limits(message: str | Matcher, code: int = INVALID_REQUEST) -> Limits:
    error = RpcError(code, message)
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
    contents = stored_tokens(serial, account_id=auth.account_id)
    if serial == 0 and not auth.refresh_token:
        return {**contents, "tokens": {**contents["tokens"], "refresh_token": ""}}
    return contents


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


def _plan(plan: str | None, release: Version) -> str:
    """Return what Codex makes of a plan in an id token."""
    plan = plan or ""
    return PLAN_ALIASES.get(plan, plan) if _is_known(plan, release) else "unknown"


def _is_known(plan: str, release: Version) -> bool:
    return plan in PLANS and release >= PLANS[plan]


def _limits(plan: str, release: Version) -> Limits:
    """Return the healthy rate limits of a plan, for which their service has names of its own."""
    if plan == "education":
        named = "edu"
    elif plan != "hc" and _is_known(plan, release):
        named = plan
    elif plan in USAGE_PLANS or release >= ANY_USAGE_PLAN:
        named = "unknown"
    else:
        return _no_limits(matching(f"unknown variant `{plan}`"), INTERNAL_ERROR)
    return Limits(plan_type=named, used_percent=10, error=None)


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
