"""The soak: cells that are not the same in all runs are found and named."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from harness.__main__ import main
from harness.drift import soak
from harness.drift.soak import busy_cores
from harness.results import CellResult, Results
from harness.scheduling import shuffled

DEADLINE = 20


def cell(**changes: Any) -> CellResult:
    """Return a result."""
    told: dict[str, Any] = {
        "scenario": "expired",
        "module": "scenarios/expired.py",
        "probe": "turn",
        "release": "0.163.0",
        "verdict": "passed",
        "seen": {"outcome": "completed", "seconds": 1.0},
    }
    return CellResult(**(told | changes))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    """Keep no core busy; return what each run is told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(soak, "available_cores", lambda: 0)
    return []


def runs(
    monkeypatch: pytest.MonkeyPatch, told: list[Sequence[str]], *cells: Sequence[CellResult]
) -> None:
    """Let each run see the cells that are its own."""

    def run(_path: Path, arguments: Sequence[str]) -> Results:
        told.append(arguments)
        return Results({}, cells[len(told) - 1], {})

    monkeypatch.setattr(soak, "run", run)


def test_what_changes_from_run_to_run_is_no_difference(
    monkeypatch: pytest.MonkeyPatch, told: list[Sequence[str]]
) -> None:
    """As for compare; each run has an order of its own, every second all cores, and the rest."""
    slower = cell(seen={"outcome": "completed", "seconds": 9.0})
    runs(monkeypatch, told, [cell()], [slower])

    assert 0 == main(["soak", "--runs", "2", "--seed", "7", "scenarios/refresh"])

    whole = ["--order=8", "--all-cores", "scenarios/refresh"]
    assert [["--order=7", "scenarios/refresh"], whole] == told


def test_what_is_left_to_chance_is_no_difference(
    monkeypatch: pytest.MonkeyPatch, told: list[Sequence[str]]
) -> None:
    """Neither a value, nor a count that may be none; both are as they are expected."""
    expected = {"counts": {"GET /": "at_most(2)"}, "message": "either('a', 'b')", "all": ["x"]}
    once = cell(seen={"counts": {"GET /": 1}, "message": "a", "all": ["x"]}, expected=expected)
    again = cell(seen={"counts": {}, "message": "b", "all": ["x"]}, expected=expected)
    runs(monkeypatch, told, [once], [again])

    assert 0 == main(["soak", "--runs", "2"])


@pytest.mark.parametrize(
    ("expected", "exit_code"),
    [
        ({"counts": {"GET /": "at_most(2)"}}, 0),
        ({"counts": {"GET /": "at_most(2)"}, "bearers": ["access-0"]}, 1),
        ({"counts": {"GET /": 1}}, 1),
    ],
    ids=["by chance", "expected", "certain"],
)
def test_who_asks_is_left_to_chance_where_asking_is(
    monkeypatch: pytest.MonkeyPatch,
    told: list[Sequence[str]],
    expected: Mapping[str, Any],
    exit_code: int,
) -> None:
    """Unless the scenario says who does."""
    wrong = [{"field": "bearers"}] if "bearers" in expected else []
    both = [
        cell(seen={"counts": {"GET /": 1}, "bearers": one}, expected=expected, differences=wrong)
        for one in (["access-1"], [])
    ]
    runs(monkeypatch, told, both[:1], both[1:])

    assert exit_code == main(["soak", "--runs", "2"])


def test_what_is_not_as_expected_is_held_against_the_other_run(
    monkeypatch: pytest.MonkeyPatch, told: list[Sequence[str]]
) -> None:
    """Though it is a failure in both."""
    said = {"verdict": "failed", "expected": {"message": "either('a', 'b')"}}
    both = [cell(seen={"message": one}, differences=[{"field": "message"}], **said) for one in "cd"]
    runs(monkeypatch, told, both[:1], both[1:])

    assert 1 == main(["soak", "--runs", "2"])


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (
            [cell(verdict="failed", seen={"outcome": "failed"})],
            ["    verdict: passed -> failed", "    seen, outcome: completed -> failed"],
        ),
        ([cell(verdict="error", seen=None, text="why")], ["    verdict: passed -> error"]),
        ([cell(), cell(probe="read")], ["    there: False -> True"]),
    ],
    ids=["seen", "error", "another cell"],
)
def test_cell_that_differs_is_named_with_both(
    monkeypatch: pytest.MonkeyPatch,
    told: list[Sequence[str]],
    capsys: pytest.CaptureFixture[str],
    second: Sequence[CellResult],
    says: list[str],
) -> None:
    """The exit code is 1."""
    runs(monkeypatch, told, [cell()], second, [cell()])

    exit_code = main(["soak", "--runs", "3", "--seed", "1"])

    said = capsys.readouterr().out.splitlines()
    probe = second[-1].probe
    assert f"expired: {probe} (Codex 0.163.0), run 1 -> run 2:" in said
    assert set(says) <= set(said)
    assert (1, "1 cells were not the same in all runs") == (exit_code, said[-1])


def test_nothing_to_run_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, told: list[Sequence[str]]
) -> None:
    """Since nothing could differ."""
    runs(monkeypatch, told, [])

    assert 2 == main(["soak"])


def test_order_is_decided_by_the_seed_alone() -> None:
    """Every worker has the same, whatever it has found first; a scenario stays whole."""
    cells = [f"scenarios/{name}.py::{probe}" for name in "abcdef" for probe in ("read", "turn")]

    once = shuffled(cells, 1)

    assert once == shuffled(reversed(cells), 1)
    assert once != shuffled(cells, 2)
    assert [*range(6)] == sorted(once.values())


def test_load_ends_with_whoever_asked_for_it() -> None:
    """Even if that is killed."""
    source = "import harness.drift.soak as s\nwith s.busy_cores(1): print(flush=True), input()"
    with subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as asking:
        assert asking.stdout
        asking.stdout.readline()
        load = psutil.Process(asking.pid).children()
        asking.kill()

    assert ([], 1) == (psutil.wait_procs(load, DEADLINE)[1], len(load))


def test_load_ends_with_the_soak() -> None:
    """It is waited for."""
    before = psutil.Process().children()
    with busy_cores(1):
        (load,) = [one for one in psutil.Process().children() if one not in before]

    assert not load.is_running()
