"""What a fixture implies: the whole expectation of a scenario that declares none.

This is what a Codex in order does with a home in order (0.163.0). It knows a sign-in with ChatGPT,
one with an API key, one by a host, and no sign-in; a refresh that is due and granted; and nothing
of policy or of a backend that refuses. Whatever else is right, a scenario says itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
from packaging.version import Version

from harness.declare.answers import Grant, Healthy, as_sequence
from harness.declare.auth import (
    LEFT_OUT,
    AgentIdentity,
    ApiKeyAuth,
    Auth,
    ChatGptAuth,
    EditedAuth,
    NoAuth,
    PersonalAccessToken,
    RawAuth,
    Reading,
    RefusedToken,
)
from harness.declare.layout import ORDINARY, Layout
from harness.declare.scenario import Scenario
from harness.judge.by_home import home_alone
from harness.judge.by_host import with_host
from harness.judge.by_release import of_release
from harness.judge.by_story import told
from harness.judge.by_token import refused_token, with_token
from harness.judge.facts import (
    ACCOUNTS_CHECK,
    LOGOUT_ASKS_NOBODY,
    MANY,
    MEASURED,
    NO_AMBIENT_BEARER,
    REVOKE,
    WHOAMI,
)
from harness.judge.follows import completed
from harness.judge.records_of import home_record, requests_record, turn_record
from harness.seen.records import (
    PROBES,
    UNSET,
    CliLogout,
    Expect,
    Limits,
    Logout,
    Read,
    Refresh,
    Start,
    Status,
    Traces,
    Wire,
    at_most,
    every,
    fields_of,
    matching,
)

USABLE: Final = (ChatGptAuth, ApiKeyAuth, PersonalAccessToken, AgentIdentity)
"""The sign-ins with which Codex works, and so leaves as they are, or writes anew."""


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
    return of_release(completed(seen, scenario, release), release)


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
            turn_record(None, None),
            outcome="not reached",
            message=outcome,
            bearers=(),
            account_ids=(),
        ),
        home=attrs.evolve(home_record(kept, auth, 0), exit="1"),
        requests=requests_record({}),
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
        seen = refused_token(home, release)
    elif isinstance(home, (PersonalAccessToken, AgentIdentity)):
        seen = with_token(home, release, stored=home == scenario.auth)
    else:
        seen = home_alone(home, granted=_grants(scenario), release=release)
    if scenario.kind == "host":
        seen = with_host(seen, home, scenario, release)
    if not _requires_openai_auth(scenario.config):
        seen = _not_required(seen, release)
    seen = _with_layout(_with_file(seen, scenario, release), scenario.layout)
    if scenario.kind == "story":
        seen = told(seen, scenario, release)
    return of_release(_reaching(seen, scenario.reaches) if scenario.reaches else seen, release)


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
            "turn": seen.turn if release < NO_AMBIENT_BEARER else turn_record(None, None),
        }
    )


LEFT = r"(git\S*|codex|tokio\S*)"
"""What may be left running."""


def _reaching(seen: Expect, machines: Sequence[str]) -> Expect:
    """Return ``seen`` with attempts to reach other machines, which chance decides.

    Some of them Codex leaves to git, which may still be at it when Codex ends, and goes by the name
    of a thread of Codex until it is executed.
    """
    attempts = {f"CONNECT {machine}:443": at_most(MANY) for machine in machines}
    records = {probe: getattr(seen, probe) for probe in PROBES}
    for probe, record in records.items():
        counts = fields_of(record).get("counts")
        if counts is not None:
            records[probe] = attrs.evolve(record, counts={**counts, **attempts})
    exits = rf"^0(, leaving {LEFT}(, {LEFT})*)?$"
    home = attrs.evolve(seen.home, exit=matching(exits))
    traces = attrs.evolve(seen.traces, processes=every(rf"^{LEFT}"), exits=every(exits))
    return Expect(**{**records, "home": home, "traces": traces})


def _taken_for(scenario: Scenario) -> Reading:
    """Return what Codex takes the home for."""
    home = scenario.taken_for or scenario.auth
    return home.auth if isinstance(home, EditedAuth) else home


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
    if not (used and isinstance(read_as, USABLE)):
        home, refresh = home_record(kept, auth, 0), attrs.evolve(refresh, auth_json=kept)
    elif read_as != auth and home.auth_json == kept:
        home = home_record(kept, RawAuth(b""), 0)
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
        traces=_traces(scenario),
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


def _traces(scenario: Scenario) -> Traces:
    """Nothing is left behind; but a logout takes Amazon Bedrock out of ``config.toml``."""
    config = scenario.config
    is_bedrock = isinstance(config, Mapping) and config.get("model_provider") == "amazon-bedrock"
    files = every(r"^(changed|0600) codex-home/config\.toml$") if is_bedrock else ()
    return Traces(files=files, leaked=(), processes=())


def _as_agreed(scenario: Scenario) -> Wire:
    """Both sides keep to the protocol, but for a host that is told what to say word by word."""
    undeclared = every(r"^(codex/event/\w+|the answer to (getAuthStatus|accountSession/\w+))$")
    wire = Wire(violations=(), undeclared=undeclared, requests=(), error=None)
    speaks_raw = scenario.host is not None and scenario.host.speaks_raw
    return wire if speaks_raw else attrs.evolve(wire, client_violations=())
