"""What a run costs: ``python -m harness.bench [pytest arguments]``, or ``nox -s bench``.

The limit is the processor time that the Codex processes themselves need, spread over all cores.
The kernel's accounting tells it: ``wait4`` for each Codex, ``getrusage`` for the run as a whole.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, frozen

from harness.reaper import Run
from harness.results import Results
from harness.scheduling import available_cores
from harness.spent import total

SHOWN = 10
"""How many of the dearest scenarios are listed."""

EMPTY_TESTS = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_nothing(number): pass
"""


@define
class Cost:
    """Processor time in seconds, and processes, of the Codex of one scenario."""

    cpu_seconds: float = 0
    processes: int = 0


@frozen(kw_only=True)
class Measurement:
    """One run: seconds on the clock, processor seconds of all of it, and cost by scenario.

    Args:
        wall_seconds: on the clock.
        cpu_seconds: of the processors, of all processes.
        cores: how many there are.
        costs: what the Codex of each scenario took.
        spent: what the harness itself took, by what for.
        cells: how many there are.
        empty_seconds: of the processors, what as many tests take that do nothing.
    """

    wall_seconds: float
    cpu_seconds: float
    cores: int
    costs: Mapping[str, Cost]
    spent: Mapping[str, float]
    cells: int
    empty_seconds: float

    @property
    def codex_seconds(self) -> float:
        """Processor time of all Codex processes."""
        return sum(cost.cpu_seconds for cost in self.costs.values())

    @property
    def ratio(self) -> float:
        """Core seconds that the run took for each that Codex needed; 1 cannot be beaten."""
        return self.wall_seconds * self.cores / self.codex_seconds

    def report(self) -> str:
        """Return the measurement as text."""
        processes = sum(cost.processes for cost in self.costs.values())
        others = self.cpu_seconds - self.codex_seconds
        dearest = sorted(self.costs.items(), key=lambda item: -item[1].cpu_seconds)[:SHOWN]
        return "\n".join(
            (
                f"{len(self.costs)} scenarios, {processes} Codex processes, {self.cores} cores",
                f"wall                  {self.wall_seconds:7.2f} s",
                f"CPU of Codex          {self.codex_seconds:7.2f} s",
                f"CPU of all else       {others:7.2f} s ({others / self.cpu_seconds:.0%} of all)",
                f"wall x cores / Codex  {self.ratio:7.2f}",
                "",
                "where all else goes, in CPU seconds:",
                *(f"{seconds:7.2f}  {part}" for part, seconds in self.spent.items()),
                "",
                "pytest and xdist alone, in CPU seconds:",
                f"{self.empty_seconds:7.2f}  {self.cells} tests that do nothing",
                "",
                "the dearest, in CPU seconds of Codex:",
                *(f"{cost.cpu_seconds:7.2f}  {name}" for name, cost in dearest),
            )
        )


def measure(arguments: Sequence[str]) -> Measurement:
    """Run pytest with ``arguments`` on all cores and measure it.

    Raises:
        SystemExit: the run was not green, so that its time says nothing.
    """
    with Run() as run:
        results, spent = run.directory / "results.jsonl", run.directory / "spent"
        spent.mkdir()
        before, started = children_seconds(), time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", f"--results={results}"]
        command += ["-p", "harness.spent", f"--spent={spent}"]
        done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, check=False)
        wall = time.monotonic() - started
        if done.returncode:
            sys.stdout.buffer.write(done.stdout)
            raise SystemExit(done.returncode)
        cpu, read = children_seconds() - before, Results.read(results)
        return Measurement(
            wall_seconds=wall,
            cpu_seconds=cpu,
            cores=available_cores(),
            costs=_costs(read),
            spent=total(spent),
            cells=len(read.cells),
            empty_seconds=seconds_for_empty_tests(len(read.cells), run.directory / "empty"),
        )


def seconds_for_empty_tests(count: int, directory: Path) -> float:
    """Return the processor time, in seconds, of ``count`` tests that do nothing, on all cores.

    No run of as many cells is to be had for less, unless it does without some of what pytest and
    xdist do for each test.

    Args:
        count: how many tests.
        directory: where they are written, which is made.

    Raises:
        CalledProcessError: pytest failed.
    """
    directory.mkdir()
    (directory / "test_nothing.py").write_text(EMPTY_TESTS.format(count=count))
    (directory / "pytest.ini").write_text("[pytest]\n")
    before = children_seconds()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-n", "auto"],
        cwd=directory,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return children_seconds() - before


def children_seconds() -> float:
    """Return the processor time, in seconds, of all processes that have been waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _costs(results: Results) -> Mapping[str, Cost]:
    """Return the cost of each scenario."""
    costs: defaultdict[str, Cost] = defaultdict(Cost)
    for stage in results.stages:
        cost = costs[stage.scenario]
        cost.cpu_seconds += stage.cpu_seconds
        cost.processes += stage.processes
    return dict(costs)


if __name__ == "__main__":
    print(measure(sys.argv[1:]).report())  # noqa: T201 - what it is for
