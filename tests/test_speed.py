"""What measures the speed of a run does the same as the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import run_suite, write_scenarios

from harness.against import Cost, measure
from harness.bench import seconds_for_empty_tests
from harness.growth import Project
from harness.report.markdown import table
from harness.results import Results
from harness.seen.records import probes_of
from harness.spent import CELLS, CONTROLLER, PARTS, STAGES, STARTING, total

COMMAND = '''"""A command, signed out."""
from harness import Ran, Expect, Scenario, Story, do
scenario = Scenario(
    story=[do.run("login", "status")],
    expect=Expect(story=Story(run=Ran(exit_code=1, text="Not logged in"))),
)
'''


def test_synthetic_scenarios_are_green(tmp_path: Path) -> None:
    """On each of the stand-ins, or their cost would say nothing."""
    project = Project(tmp_path / "project", scenarios=2, releases=2)

    cost, page = project.run(), project.draw()

    results = Results.read(project.directory / "results.jsonl")
    assert len(results.cells) == 2 * 2 * len(probes_of("home", ("session",)))
    assert cost.results == (project.directory / "results.jsonl").stat().st_size
    assert 0 < cost.controller_seconds < cost.cpu_seconds
    drawn = (project.directory / "report.html").stat()
    assert page.size == drawn.st_size
    assert page.cpu_seconds > 0


def test_plain_way_starts_a_process_for_each_cell(tmp_path: Path) -> None:
    """And finds the same as any other run, in which one is enough for all."""
    directory = write_scenarios(tmp_path / "project", {"command": COMMAND})
    ways = {"plain": ["-p", "harness.plain"], "one": []}

    runs = {}
    for way, options in ways.items():
        path = tmp_path / f"{way}.jsonl"
        run_suite(*options, "-n", "0", f"--results={path}", "scenarios", cwd=directory)
        runs[way] = Results.read(path)

    processes = {way: sum(one.processes for one in run.stages) for way, run in runs.items()}
    verdicts = {way: [one.verdict for one in run.cells] for way, run in runs.items()}
    assert processes == {"plain": len(runs["plain"].cells), "one": 1}
    assert verdicts["plain"] == verdicts["one"] == ["passed"] * len(probes_of("story"))


@pytest.mark.parametrize(("processes", "files"), [("0", 1), ("1", 2)])
def test_what_is_spent_is_told_by_what_it_is_spent_on(
    tmp_path: Path, processes: str, files: int
) -> None:
    """Of each process of a run; only where others run the cells there is a controller."""
    directory = write_scenarios(tmp_path / "project", {"command": COMMAND})
    spent = tmp_path / "spent"
    spent.mkdir()

    options = ("-p", "harness.spent", f"--spent={spent}", "-n", processes)
    run_suite(*options, "scenarios", cwd=directory)

    seconds = total(spent)
    assert files == len(list(spent.iterdir()))
    assert list(seconds) == list(PARTS)
    assert all(seconds[part] > 0 for part in (STARTING, STAGES, CELLS))
    assert (seconds[CONTROLLER] > 0) == (files > 1)


def test_empty_tests_are_as_many_as_the_cells(tmp_path: Path) -> None:
    """On pytest and xdist alone, without the harness."""
    directory = tmp_path / "empty"

    seconds = seconds_for_empty_tests(3, directory)

    again = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:harness.pytest_plugin"],
        cwd=directory,
        capture_output=True,
        check=False,
        text=True,
    )
    assert "3 passed" in again.stdout
    assert seconds > 0


def test_fastest_round_counts() -> None:
    """And each way is gone as often as any other, in turns."""
    gone: list[str] = []

    costs = measure({"a": lambda: gone.append("a"), "b": lambda: gone.append("b")}, rounds=2)

    assert gone == ["a", "b", "a", "b"]
    assert list(costs) == ["a", "b"]
    assert all(isinstance(cost, Cost) for cost in costs.values())


def test_table_is_markdown() -> None:
    """Numbers stand to the right."""
    assert table(("way", "clock"), [("one", "1.0 s")], numbers=1) == (
        "| way | clock |\n| --- | ---: |\n| one | 1.0 s |"
    )
