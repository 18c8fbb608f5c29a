"""The checks bite: a Codex that misbehaves turns the probe red that looks at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import mutants
import pytest
from attrs import frozen
from mutants import write_mutant
from running import KILLED_BY, ROOT, run_suite
from small_mutants import SMALL, Case, write_small

from harness.codex.binary import Codex, find_codex, pinned_codex
from harness.declare.modules import load_module
from harness.judge.implied import expected
from harness.judge.judge import Difference, judge
from harness.suite.preparations import Preparations
from harness.suite.stages import Prepared, observe, record_of, stages_of

TIME_IS_UP = ("hung", "no sign of")

CASES: Final[Mapping[str, Case]] = {
    "forgets the refresh": Case(
        mutants.ForgetsTheRefresh, "expired", "status turn home requests refresh logout"
    ),
    "keeps auth.json": Case(mutants.KeepsAuthJson, "api_key", "logout cli_logout traces"),
    "writes 0644": Case(mutants.WorldReadable, "expired", "home refresh traces"),
    "asks for other credits": Case(mutants.AsksForOtherCredits, "credits_nudge[sent]", "requests"),
    "shows another account": Case(mutants.AnotherAccount, "signed_in", "read refresh"),
    "names another workspace": Case(mutants.WrongAccountHeader, "signed_in", "turn"),
    "revokes nothing": Case(mutants.RevokesNothing, "signed_in", "logout cli_logout"),
    "logs out in silence": Case(mutants.SilentLogout, "api_key", "logout"),
    "leaks a token file": Case(mutants.LeaksATokenFile, "signed_in", "home traces"),
    "exits 0 whatever happens": Case(mutants.AlwaysExitsZero, "no_auth", "cli_status"),
    "dies in a turn": Case(mutants.DiesMidTurn, "no_auth", "turn home requests traces"),
    "calls another machine": Case(
        mutants.CallsHome, "no_auth", "requests refresh logout cli_status cli_logout"
    ),
    "swallows the refresh request": Case(
        mutants.SwallowsTheRefreshRequest,
        "external_unauthorized_then_refreshed",
        "turn next_turn requests",
    ),
    "tells the account before the login": Case(
        mutants.TellsTheAccountFirst, "external_login", "login"
    ),
    "logs the tokens of the host": Case(
        mutants.LogsTheTokensOfTheHost, "external_login", "home traces"
    ),
    "accepts any workspace": Case(
        mutants.AcceptsAnyWorkspace, "external_forced_workspace[mismatch]", "login"
    ),
    "lets others log in": Case(
        mutants.LetsOthersLogIn, "external_excludes_other_logins[chatgpt]", "login"
    ),
    "remembers the host": Case(mutants.RemembersTheHost, "external_login", "restart neighbour"),
    "asks the host on every read": Case(
        mutants.AsksTheHostOnEveryRead, "external_login", "refresh"
    ),
    "stays signed in": Case(mutants.StaysSignedIn, "external_login", "logout"),
    "retries with the old token": Case(
        mutants.RetriesWithTheOldToken,
        "external_unauthorized_then_refreshed",
        "turn next_turn requests",
    ),
    "tells the account before a login with a browser": Case(
        mutants.TellsTheAccountFirst, "browser", "story"
    ),
    "names no login": Case(mutants.NamesNoLogin, "device_code", "story"),
    "sends people elsewhere": Case(mutants.SendsPeopleElsewhere, "browser_address[plain]", "story"),
    "stores no key of a login": Case(mutants.StoresNoKey, "browser", "home"),
    "writes 0644 at a login": Case(mutants.WorldReadable, "device_code", "home"),
    "follows the file": Case(mutants.FollowsTheFile, "replaced_by_another_account", "story"),
    "breaks the protocol": Case(mutants.BreaksTheProtocol, "api_key", "logout wire"),
    "answers twice": Case(mutants.AnswersTwice, "signed_in", "wire"),
    "gives up late": Case(mutants.GivesUpLate, "external_refresh_unanswered", "turn"),
    "refreshes twice": Case(
        mutants.RefreshesTwice, "expired", "status turn home requests refresh logout"
    ),
    "drops the account header": Case(mutants.DropsTheAccountHeader, "signed_in", "turn"),
    "invents an account header": Case(
        mutants.InventsAnAccountHeader, "missing_account", "turn wire"
    ),
    "keeps the old bearer": Case(mutants.KeepsTheOldBearer, "expired", "turn"),
    "asks the model twice": Case(mutants.AsksTheModelTwice, "api_key", "turn requests"),
    "asks for more": Case(mutants.AsksForMore, "api_key", "requests"),
    "revokes the access token": Case(
        mutants.RevokesTheAccessToken, "signed_in", "logout cli_logout wire"
    ),
    "sends no bearer": Case(mutants.SendsNoBearer, "api_key", "turn"),
    "ignores a forced workspace": Case(
        mutants.IgnoresPolicy,
        "forced_workspace_mismatch[other]",
        "read status limits turn requests refresh logout cli_status traces",
    ),
    "ignores a forced login method": Case(
        mutants.IgnoresPolicy,
        "forced_login_method[chatgpt-has-api-key]",
        "read status limits turn refresh cli_status traces",
    ),
    "deletes unasked": Case(
        mutants.DeletesUnasked, "api_key", "home refresh cli_status cli_logout"
    ),
    "keeps tokens in a database": Case(mutants.KeepsTokensInADatabase, "signed_in", "home traces"),
    "prints the tokens": Case(
        mutants.PrintsTheTokens, "api_key", "home cli_status cli_logout traces"
    ),
    "writes another layout": Case(
        mutants.WritesAnotherLayout, "api_key", "home refresh cli_status"
    ),
    "leaves a lock file": Case(mutants.LeavesALockFile, "no_auth", "home traces"),
    "leaves a child behind": Case(
        mutants.LeavesAChildBehind, "no_auth", "home cli_status cli_logout traces"
    ),
    "exits 1 whatever happens": Case(
        mutants.AlwaysExitsOne, "api_key", "home cli_status cli_logout traces"
    ),
    "notifies twice": Case(mutants.NotifiesTwice, "api_key", "logout wire"),
    "answers nobody": Case(mutants.AnswersNobody, "api_key", "wire"),
    "says garbage": Case(mutants.SaysGarbage, "api_key", "wire"),
    "changes an error code": Case(mutants.ChangesAnErrorCode, "no_auth", "limits"),
    "explains nothing": Case(mutants.ExplainsNothing, "no_auth", "limits"),
    "hides the plan": Case(mutants.HidesThePlan, "signed_in", "read refresh"),
    "needs no sign-in": Case(mutants.NeedsNoSignIn, "no_auth", "read status"),
    "hides the token": Case(mutants.HidesTheToken, "api_key", "status refresh"),
    "names another method": Case(mutants.NamesAnotherMethod, "signed_in", "status refresh"),
    "calls failures success": Case(mutants.CallsFailuresSuccess, "api_key_refused", "turn"),
    "names no kind": Case(mutants.NamesNoKind, "unauthorized_for_good", "turn"),
    "counts wrongly": Case(mutants.CountsWrongly, "signed_in", "limits"),
    "routes elsewhere": Case(mutants.RoutesElsewhere, "signed_in", "read"),
    "never refreshes when asked": Case(mutants.NeverRefreshesWhenAsked, "signed_in", "refresh"),
    "always refreshes": Case(
        mutants.AlwaysRefreshes, "signed_in", "status turn home requests refresh logout"
    ),
    "keeps the account": Case(mutants.KeepsTheAccount, "api_key", "logout"),
    "starts no turn": Case(mutants.StartsNoTurn, "no_auth", "turn requests"),
    "refuses to start": Case(
        mutants.RefusesToStart,
        "no_auth",
        "start read status limits turn home requests refresh logout cli_status cli_logout traces",
    ),
}
"""The mutants that take more than a line; the others stand with what becomes of them."""


@frozen
class Real:
    """The Codex that all mutants are made of, and what is made once for it."""

    codex: Codex
    prepared: Prepared
    root: Path


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Prepare the pinned Codex."""
    root, codex = tmp_path_factory.mktemp("mutants"), find_codex()
    return Real(codex, Preparations(root).of(codex), root)


def killers_of(codex: Codex, scenario: str, real: Real) -> Mapping[str, Sequence[Difference]]:
    """Run a scenario on ``codex`` as the suite does; return the probes that fail, and why."""
    module, _, variant = scenario.partition("[")
    path = next((ROOT / "scenarios").rglob(f"{module}.py"))
    (declared,) = [
        one.scenario for one in load_module(path) if one.variant == variant.removesuffix("]")
    ]
    stages = stages_of(declared)
    seen = {
        stage.name: observe(stage, declared, codex, real.prepared, root=real.root)
        for stage in stages
    }
    wanted = expected(declared, codex.release)
    found = {}
    for probe in declared.probes:
        having = [seen[stage.name] for stage in stages if probe in stage.probes]
        found[probe] = judge(getattr(wanted, probe), record_of(probe, having))
    return {probe: differences for probe, differences in found.items() if differences}


@pytest.mark.parametrize(("name", "case"), [*CASES.items(), *SMALL.items()], ids=[*CASES, *SMALL])
def test_mutant_is_killed(
    tmp_path: Path,
    real: Real,
    record_property: Callable[[str, object], None],
    name: str,
    case: Case,
) -> None:
    """Exactly the probes that look at the altered thing fail, and not only since time is up."""
    path, kind = tmp_path / "codex", case.kind
    write_small(path, name, real.codex.path) if name in SMALL else write_mutant(
        path, kind, real.codex.path
    )

    killers = killers_of(Codex(path, real.codex.version, str(path)), case.scenario, real)

    record_property(KILLED_BY, [*killers])
    assert {*case.killers.split()} == {*killers}
    assert [
        one
        for differences in killers.values()
        for one in differences
        if not str(one.seen).startswith(TIME_IS_UP)
    ]


def test_proxy_alone_changes_nothing(tmp_path: Path, real: Real) -> None:
    """The wrapper and the proxy around the real Codex are no mutant by themselves."""
    path = write_mutant(tmp_path / "codex", mutants.FromTheBackend, real.codex.path)

    assert killers_of(Codex(path, real.codex.version, str(path)), "expired", real) == {}


def test_wrapper_alone_changes_nothing(tmp_path: Path) -> None:
    """The wrapper around the real Codex is no mutant by itself."""
    codex = mutants.write_mutant(tmp_path / "codex", mutants.Mutant, pinned_codex())

    outcome = run_suite("-n", "0", "--codex", codex, "scenarios/refresh/expired.py")

    assert (set(), 0) == (outcome.failed | outcome.errors, outcome.exit_code)
