"""The checks bite: a Codex that misbehaves turns the probe red that looks at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mutants
import pytest
from running import KILLED_BY, ROOT, run_suite

from harness.codex.binary import pinned_codex
from harness.results import Results
from harness.seen.records import PROBES

TIME_IS_UP = ("hung", "no sign of")

CASES = {
    "forgets the refresh": (
        mutants.ForgetsTheRefresh,
        "expired",
        {"status", "turn", "home", "requests", "refresh", "logout"},
    ),
    "keeps auth.json": (mutants.KeepsAuthJson, "api_key", {"logout", "cli_logout"}),
    "writes 0644": (mutants.WorldReadable, "expired", {"home", "refresh"}),
    "shows another account": (mutants.AnotherAccount, "signed_in", {"read", "refresh"}),
    "names another workspace": (mutants.WrongAccountHeader, "signed_in", {"turn"}),
    "revokes nothing": (mutants.RevokesNothing, "signed_in", {"logout", "cli_logout"}),
    "logs out in silence": (mutants.SilentLogout, "api_key", {"logout"}),
    "leaks a token file": (mutants.LeaksATokenFile, "signed_in", {"home"}),
    "exits 0 whatever happens": (mutants.AlwaysExitsZero, "no_auth", {"cli_status"}),
    "dies in a turn": (mutants.DiesMidTurn, "no_auth", {"turn", "home", "requests"}),
    "calls another machine": (
        mutants.CallsHome,
        "no_auth",
        {"requests", "refresh", "logout", "cli_status", "cli_logout"},
    ),
    "swallows the refresh request": (
        mutants.SwallowsTheRefreshRequest,
        "external_unauthorized_then_refreshed",
        {"turn", "next_turn", "requests"},
    ),
    "tells the account before the login": (
        mutants.TellsTheAccountFirst,
        "external_login",
        {"login"},
    ),
    "logs the tokens of the host": (mutants.LogsTheTokensOfTheHost, "external_login", {"home"}),
    "accepts any workspace": (
        mutants.AcceptsAnyWorkspace,
        "external_forced_workspace[mismatch]",
        {"login"},
    ),
    "lets others log in": (
        mutants.LetsOthersLogIn,
        "external_excludes_other_logins[chatgpt]",
        {"login"},
    ),
    "remembers the host": (mutants.RemembersTheHost, "external_login", {"restart", "neighbour"}),
    "asks the host on every read": (
        mutants.AsksTheHostOnEveryRead,
        "external_login",
        {"refresh"},
    ),
    "stays signed in": (mutants.StaysSignedIn, "external_login", {"logout"}),
    "retries with the old token": (
        mutants.RetriesWithTheOldToken,
        "external_unauthorized_then_refreshed",
        {"turn", "next_turn", "requests"},
    ),
    "tells the account before a login with a browser": (
        mutants.TellsTheAccountFirst,
        "browser",
        {"story"},
    ),
    "names no login": (mutants.NamesNoLogin, "device_code", {"story"}),
    "sends people elsewhere": (
        mutants.SendsPeopleElsewhere,
        "browser_address[plain]",
        {"story"},
    ),
    "stores no key of a login": (mutants.StoresNoKey, "browser", {"home"}),
    "writes 0644 at a login": (mutants.WorldReadable, "device_code", {"home"}),
    "follows the file": (mutants.FollowsTheFile, "replaced_by_another_account", {"story"}),
    "breaks the protocol": (mutants.BreaksTheProtocol, "api_key", {"logout", "wire"}),
    "answers twice": (mutants.AnswersTwice, "signed_in", {"wire"}),
    "gives up late": (mutants.GivesUpLate, "external_refresh_unanswered", {"turn"}),
    "refreshes twice": (
        mutants.RefreshesTwice,
        "expired",
        {"home", "logout", "refresh", "requests", "status", "turn"},
    ),
    "drops the account header": (mutants.DropsTheAccountHeader, "signed_in", {"turn"}),
    "invents an account header": (mutants.InventsAnAccountHeader, "missing_account", {"turn"}),
    "keeps the old bearer": (mutants.KeepsTheOldBearer, "expired", {"turn"}),
    "asks the model twice": (mutants.AsksTheModelTwice, "api_key", {"requests", "turn"}),
    "asks for more": (mutants.AsksForMore, "api_key", {"requests"}),
    "revokes the access token": (
        mutants.RevokesTheAccessToken,
        "signed_in",
        {"cli_logout", "logout"},
    ),
    "sends no bearer": (mutants.SendsNoBearer, "api_key", {"turn"}),
    "ignores a forced workspace": (
        mutants.IgnoresPolicy,
        "forced_workspace_mismatch[other]",
        {"cli_status", "limits", "logout", "read", "refresh", "requests", "status", "turn"},
    ),
    "ignores a forced login method": (
        mutants.IgnoresPolicy,
        "forced_login_method[chatgpt-has-api-key]",
        {
            "read",
            "status",
            "limits",
            "turn",
            "refresh",
            "cli_status",
        },
    ),
    "deletes unasked": (
        mutants.DeletesUnasked,
        "api_key",
        {"cli_logout", "cli_status", "home", "refresh"},
    ),
    "keeps tokens in a database": (mutants.KeepsTokensInADatabase, "signed_in", {"home"}),
    "prints the tokens": (mutants.PrintsTheTokens, "api_key", {"cli_logout", "cli_status", "home"}),
    "writes another layout": (
        mutants.WritesAnotherLayout,
        "api_key",
        {"cli_status", "home", "refresh"},
    ),
    "leaves a lock file": (mutants.LeavesALockFile, "no_auth", {"home"}),
    "leaves a child behind": (
        mutants.LeavesAChildBehind,
        "no_auth",
        {"home", "cli_status", "cli_logout"},
    ),
    "exits 1 whatever happens": (
        mutants.AlwaysExitsOne,
        "api_key",
        {"cli_logout", "cli_status", "home"},
    ),
    "notifies twice": (mutants.NotifiesTwice, "api_key", {"logout"}),
    "answers nobody": (mutants.AnswersNobody, "api_key", {"wire"}),
    "says garbage": (mutants.SaysGarbage, "api_key", {"wire"}),
    "changes an error code": (mutants.ChangesAnErrorCode, "no_auth", {"limits"}),
    "explains nothing": (mutants.ExplainsNothing, "no_auth", {"limits"}),
    "hides the plan": (mutants.HidesThePlan, "signed_in", {"read", "refresh"}),
    "needs no sign-in": (mutants.NeedsNoSignIn, "no_auth", {"read", "status"}),
    "hides the token": (mutants.HidesTheToken, "api_key", {"refresh", "status"}),
    "names another method": (mutants.NamesAnotherMethod, "signed_in", {"refresh", "status"}),
    "calls failures success": (mutants.CallsFailuresSuccess, "api_key_refused", {"turn"}),
    "names no kind": (mutants.NamesNoKind, "unauthorized_for_good", {"turn"}),
    "counts wrongly": (mutants.CountsWrongly, "signed_in", {"limits"}),
    "routes elsewhere": (mutants.RoutesElsewhere, "signed_in", {"read"}),
    "never refreshes when asked": (mutants.NeverRefreshesWhenAsked, "signed_in", {"refresh"}),
    "always refreshes": (
        mutants.AlwaysRefreshes,
        "signed_in",
        {"home", "logout", "refresh", "requests", "status", "turn"},
    ),
    "keeps the account": (mutants.KeepsTheAccount, "api_key", {"logout"}),
    "starts no turn": (mutants.StartsNoTurn, "no_auth", {"requests", "turn"}),
    "refuses to start": (
        mutants.RefusesToStart,
        "no_auth",
        {
            "start",
            "read",
            "status",
            "limits",
            "turn",
            "home",
            "requests",
            "refresh",
            "logout",
            "cli_status",
            "cli_logout",
        },
    ),
}


@pytest.mark.parametrize(("mutant", "scenario", "red"), CASES.values(), ids=CASES)
def test_mutant_is_killed(
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    mutant: type[mutants.Mutant],
    scenario: str,
    red: set[str],
) -> None:
    """Exactly the probes that look at the altered thing fail, and not only since time is up."""
    codex = mutants.write_mutant(tmp_path / "codex", mutant, pinned_codex())
    module, _, _ = scenario.partition("[")
    path = next((ROOT / "scenarios").rglob(f"{module}.py"))

    run_suite("-n", "0", "--codex", codex, f"--results={tmp_path / 'results.jsonl'}", path)
    cells = [
        cell for cell in Results.read(tmp_path / "results.jsonl").cells if cell.scenario == scenario
    ]
    killers = {cell.probe: cell.differences for cell in cells if cell.verdict != "passed"}
    record_property(KILLED_BY, [probe for probe in PROBES if probe in killers])

    assert red == set(killers)
    assert "error" not in {cell.verdict for cell in cells}
    assert [
        difference
        for differences in killers.values()
        for difference in differences
        if not str(difference["seen"]).startswith(TIME_IS_UP)
    ]


def test_wrapper_alone_changes_nothing(tmp_path: Path) -> None:
    """The wrapper around the real Codex is no mutant by itself."""
    codex = mutants.write_mutant(tmp_path / "codex", mutants.Mutant, pinned_codex())

    outcome = run_suite("-n", "0", "--codex", codex, "scenarios/refresh/expired.py")

    assert (set(), 0) == (outcome.failed | outcome.errors, outcome.exit_code)
