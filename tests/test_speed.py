"""What measures the speed of a run does the same as the run."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run_suite, write_scenarios

from harness.against import Cost, measure
from harness.growth import Project, table
from harness.results import Results

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

    cost = project.run()

    results = Results.read(project.directory / "results.jsonl")
    assert len(results.cells) == 2 * 2 * 8
    assert cost.results == (project.directory / "results.jsonl").stat().st_size
    assert 0 < cost.controller_seconds < cost.cpu_seconds


@pytest.mark.parametrize(("plugin", "processes"), [("harness.plain", 4), ("harness.growth", 1)])
def test_plain_way_starts_a_process_for_each_cell(
    tmp_path: Path, plugin: str, processes: int
) -> None:
    """And finds the same as any other run."""
    directory = write_scenarios(tmp_path / "project", {"command": COMMAND})
    path = tmp_path / "results.jsonl"

    outcome = run_suite("-p", plugin, "-n", "0", f"--results={path}", "scenarios", cwd=directory)

    stages = Results.read(path).stages
    assert (outcome.exit_code, sum(stage.processes for stage in stages)) == (0, processes)


def test_fastest_round_counts() -> None:
    """And each way is gone as often as any other, in turns."""
    gone: list[str] = []

    costs = measure({"a": lambda: gone.append("a"), "b": lambda: gone.append("b")}, rounds=2)

    assert gone == ["a", "b", "a", "b"]
    assert list(costs) == ["a", "b"]
    assert all(isinstance(cost, Cost) for cost in costs.values())


def test_table_is_markdown() -> None:
    """Numbers stand to the right."""
    assert table([("way", "clock"), ("one", "1.0 s")]) == (
        "| way | clock |\n| --- | ---: |\n| one | 1.0 s |"
    )
