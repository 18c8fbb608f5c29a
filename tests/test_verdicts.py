"""What came of a cell: Codex is at fault, it hung or crashed, or we are at fault."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from running import cells, run_suite, write_scenarios

from harness import CliStatus, Ended, Home, Ran, Read, RpcError, Scenario, Turn
from harness.codex.binary import find_codex, pinned_codex
from harness.codex.process import Ending
from harness.judge.ending import bad_ending
from harness.judge.judge import judge
from harness.report.verdicts import FAULT
from harness.results import Results
from harness.seen.records import Record
from harness.suite import stages

SIGNED_OUT = '"""Signed out."""\nfrom harness import Scenario\nscenario = Scenario()\n'
WRONG = (
    '"""An expectation that nothing meets."""\n'
    "from harness import Expect, Read, Scenario\n"
    "scenario = Scenario(expect=Expect(read=Read(account={})))\n"
)
BROKEN = "import nothing.of.the.kind"


@pytest.mark.parametrize(
    ("expected", "seen", "verdict"),
    [
        (Read(error=None), Read(error="hung: no sign of an answer"), "hang"),
        (Read(error=None), Read(error="died: Codex ended without it"), "crash"),
        (Read(error=None), Read(error="not reached: hung: no sign of it"), "hang"),
        (Read(error=None), Read(error=RpcError(-1, "hung up")), None),
        (Turn(outcome="completed"), Turn(outcome="died"), "crash"),
        (Turn(message="hung"), Turn(message="hung on the line"), None),
        (Home(exit="0"), Home(exit="-11, leaving sh"), "crash"),
        (Home(exit="0"), Home(exit="hung"), "hang"),
        (Home(exit="0"), Home(exit="1"), None),
        (CliStatus(exit_code=0), CliStatus(exit_code=None), "hang"),
        (CliStatus(exit_code=0), CliStatus(exit_code=-6), "crash"),
        (Ran(exit_code=0), Ran(exit_code=1), None),
        (Ended(exit="-9"), Ended(exit="-9"), None),
    ],
)
def test_bad_ending_is_told_from_other_differences(
    expected: Record, seen: Record, verdict: str | None
) -> None:
    """By what was seen where it is not as expected."""
    assert verdict == bad_ending(judge(expected, seen))


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (Ending(0, 0), "exit code 0"),
        (Ending(-11, 0), "killed by SIGSEGV"),
        (Ending(-99, 0), "killed by signal 99"),
        (Ending(None, 0), "did not end, and was killed"),
        (Ending(1, 0, ["git", "sh"]), "exit code 1, leaving git, sh"),
    ],
)
def test_ending_is_told_in_words(ending: Ending, told: str) -> None:
    """With the signal, and what was left running."""
    assert told == str(ending)


def test_crash_is_a_verdict_of_its_own(tmp_path: Path) -> None:
    """In the table, in the results, and in the text, which names the signal."""
    directory = write_scenarios(tmp_path / "project", {"signed_out": SIGNED_OUT})
    codex = tmp_path / "codex"
    codex.write_text(
        f"#!{sys.executable}\n"
        "import os, signal, sys\n"
        "if sys.argv[1] == 'logout':\n"
        "    os.kill(os.getpid(), signal.SIGABRT)\n"
        f"os.execv({str(pinned_codex())!r}, sys.argv)\n"
    )
    codex.chmod(0o755)
    path = tmp_path / "results.jsonl"

    outcome = run_suite(
        "-n", "0", "--codex", codex, f"--results={path}", "-k", "cli", "scenarios", cwd=directory
    )

    results = Results.read(path)
    assert (cells("signed_out", ["cli_logout"]), 1) == (outcome.failed, outcome.exit_code)
    assert "1 passed, 1 crash" in outcome.text
    assert {"cli_status": "passed", "cli_logout": "crash"} == {
        cell.probe: cell.verdict for cell in results.cells
    }
    (text,) = [cell.text for cell in results.cells if cell.text]
    assert "--- CRASH: signed_out: cli_logout" in text
    assert "codex logout: killed by SIGABRT" in text


@pytest.mark.parametrize(
    ("modules", "exit_code"),
    [
        ({"signed_out": SIGNED_OUT}, 0),
        ({"wrong": WRONG}, 1),
        ({"wrong": WRONG, "broken": BROKEN}, FAULT),
    ],
    ids=["as expected", "a verdict", "a verdict and a fault"],
)
def test_exit_code_tells_a_fault_from_a_verdict(
    tmp_path: Path, modules: dict[str, str], exit_code: int
) -> None:
    """It stands in the results, too."""
    directory = write_scenarios(tmp_path / "project", modules)
    path = tmp_path / "results.jsonl"

    outcome = run_suite(
        "-n", "2", f"--results={path}", "-k", "read or module", "scenarios", cwd=directory
    )

    footer = Results.read(path).footer or {}
    assert (exit_code, exit_code) == (outcome.exit_code, footer["exit_code"])


@pytest.mark.parametrize(
    "fault",
    ["harness.world.backend.FakeOpenAI._write_down", "harness.plugin.cells.judge"],
    ids=["the fake backend", "the harness"],
)
def test_fault_of_ours_is_no_verdict(tmp_path: Path, fault: str) -> None:
    """Whoever has it: every cell that it keeps from being tried is an error that says so."""
    directory = write_scenarios(tmp_path / "project", {"signed_out": SIGNED_OUT})
    (directory / "conftest.py").write_text(
        "import pytest, harness.plugin.cells, harness.world.backend\n"
        "def broken(*_, **__):\n"
        "    raise RuntimeError('ours')\n"
        f"pytest.MonkeyPatch().setattr({fault!r}, broken)\n"
    )

    outcome = run_suite("-n", "0", "-k", "read or turn", "scenarios", cwd=directory)

    assert (cells("signed_out", ["read", "turn"]), set()) == (outcome.errors, outcome.failed)
    assert FAULT == outcome.exit_code
    assert "RuntimeError: ours" in outcome.text


def test_nothing_is_said_about_a_codex_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which cannot write what it would."""
    (cli,) = [stage for stage in stages.STAGES if stage.name == "cli"]
    monkeypatch.setattr(stages, "LEAST_ROOM", 1 << 62)

    with pytest.raises(stages.HarnessFault, match="the disk is full"):
        stages.observe(cli, Scenario(), find_codex(), stages.Prepared(), root=tmp_path)
