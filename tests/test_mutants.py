"""The checks bite: a Codex that misbehaves turns the probe red that looks at it."""

from __future__ import annotations

from pathlib import Path

import mutants
import pytest
from running import ROOT, cells, run_suite

from harness.codex.binary import pinned_codex

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
        {"login[mismatch]"},
    ),
    "lets others log in": (
        mutants.LetsOthersLogIn,
        "external_excludes_other_logins[chatgpt]",
        {"login[chatgpt]"},
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
    "breaks the protocol": (mutants.BreaksTheProtocol, "api_key", {"logout", "wire"}),
    "answers twice": (mutants.AnswersTwice, "signed_in", {"wire"}),
    "gives up late": (mutants.GivesUpLate, "external_refresh_unanswered", {"turn"}),
}


@pytest.mark.parametrize(("mutant", "scenario", "red"), CASES.values(), ids=CASES)
def test_mutant_is_killed(
    tmp_path: Path, mutant: type[mutants.Mutant], scenario: str, red: set[str]
) -> None:
    """Exactly the probes that look at the altered thing fail, and none is an error."""
    codex = mutants.write_mutant(tmp_path / "codex", mutant, pinned_codex())

    module, _, variant = scenario.removesuffix("]").partition("[")
    chosen = ("-k", variant) if variant else ()

    path = next((ROOT / "scenarios").rglob(f"{module}.py")).relative_to(ROOT / "scenarios")

    outcome = run_suite("-n", "0", "--codex", codex, *chosen, f"scenarios/{path}")

    assert (cells(str(path.with_suffix("")), red), set(), 1) == (
        outcome.failed,
        outcome.errors,
        outcome.exit_code,
    )


def test_wrapper_alone_changes_nothing(tmp_path: Path) -> None:
    """The wrapper around the real Codex is no mutant by itself."""
    codex = mutants.write_mutant(tmp_path / "codex", mutants.Mutant, pinned_codex())

    outcome = run_suite("-n", "0", "--codex", codex, "scenarios/refresh/expired.py")

    assert (set(), 0) == (outcome.failed | outcome.errors, outcome.exit_code)
