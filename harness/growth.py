"""How the harness grows: ``python -m harness.growth``, or ``nox -s growth``.

Synthetic scenarios are run on a stand-in for Codex that ends at once, so that all that is measured
is the harness: collecting them, a world and a process for each, judging, results, and the page with
them. Processor time is told, which says the same on a machine that is busy.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from attrs import frozen

from harness.bench import children_seconds
from harness.report.markdown import table
from harness.scheduling import available_cores

SIZES: Final = (10, 100, 1000)
"""How many scenarios on one release."""

RELEASES: Final = 16
OF_RELEASES: Final = 50
"""How many scenarios on so many releases at once."""

STAND_IN: Final = """\
#!/bin/sh
case "$*" in
--version) echo "codex-cli {release}" ;;
*generate-json-schema*)
    while [ "$1" != --out ]; do shift; done
    echo '{{"definitions": {{}}}}' > "$2/codex_app_server_protocol.schemas.json" ;;
*) exit 1 ;;
esac
"""
"""A Codex that can only say what it is."""

SCENARIO: Final = '''\
"""State {number}, in which this Codex does not start."""

from harness import SIGNED_IN, Expect, Scenario, Start

scenario = Scenario(
    auth=SIGNED_IN,
    env={{"STATE": "{number}"}},
    stages=["session"],
    expect=Expect(start=Start(outcome="died: Codex ended without an answer to initialize")),
)
'''

CONTROLLER: Final = """\
import json, resource, sys, pytest
code = pytest.main(sys.argv[2:])
own = resource.getrusage(resource.RUSAGE_SELF)
told = [own.ru_utime + own.ru_stime, own.ru_maxrss]
open(sys.argv[1], "w").write(json.dumps(told))
raise SystemExit(code)
"""
"""Runs pytest, then writes down the processor time and the memory of this process alone."""


@frozen(kw_only=True)
class Cost:
    """What a run needed.

    Args:
        cpu_seconds: the processor time of all its processes.
        controller_seconds: that of the controller alone.
        megabytes: the most memory that the controller had.
        results: the bytes of its results.
    """

    cpu_seconds: float
    controller_seconds: float
    megabytes: float
    results: int


@frozen(kw_only=True)
class PageCost:
    """What the page with the results of a run needed.

    Args:
        cpu_seconds: the processor time of drawing it.
        size: its bytes.
    """

    cpu_seconds: float
    size: int


class Project:
    """A directory of synthetic scenarios, and stand-ins for as many releases.

    Args:
        directory: where; it is made.
        scenarios, releases: how many of each.
    """

    def __init__(self, directory: Path, scenarios: int, releases: int = 1) -> None:
        """Write it."""
        self.directory = directory
        self.units = scenarios * releases
        (directory / "scenarios").mkdir(parents=True)
        (directory / "pytest.ini").touch()
        for number in range(scenarios):
            module = directory / "scenarios" / f"state_{number:04}.py"
            module.write_text(SCENARIO.format(number=number))
        self._codexes = [_stand_in(directory, f"0.163.{minor}") for minor in range(releases)]

    def collect(self) -> Cost:
        """Collect it in one process."""
        return self._run("--collect-only", "-n", "0")

    def run(self) -> Cost:
        """Run it on all cores.

        Raises:
            SystemExit: it was not green, so that its cost says nothing.
        """
        return self._run("-n", str(available_cores()))

    def draw(self) -> PageCost:
        """Draw the page with the results of the last run.

        Raises:
            CalledProcessError: that cannot be done.
        """
        page, before = self.directory / "report.html", children_seconds()
        command = [
            sys.executable,
            "-m",
            "harness",
            "report",
            str(self._results),
            f"--output={page}",
        ]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return PageCost(cpu_seconds=children_seconds() - before, size=page.stat().st_size)

    @property
    def _results(self) -> Path:
        return self.directory / "results.jsonl"

    def _run(self, *arguments: str) -> Cost:
        told, results = self.directory / "told.json", self._results
        options = ("-p", "harness.pytest_plugin", "-p", "no:cacheprovider", "-qqq")
        codexes = (f"--codex={codex}" for codex in self._codexes)
        started = [sys.executable, "-c", CONTROLLER, str(told)]
        command = [*started, *options, *codexes, *arguments]
        before = children_seconds()
        done = subprocess.run(
            [*command, f"--results={results}", "scenarios"],
            cwd=self.directory,
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            sys.stdout.buffer.write(done.stdout)
            raise SystemExit(done.returncode)
        own_seconds, kilobytes = json.loads(told.read_text())
        return Cost(
            cpu_seconds=children_seconds() - before,
            controller_seconds=own_seconds,
            # Linux tells kilobytes, macOS bytes.
            megabytes=kilobytes / (1e6 if sys.platform == "darwin" else 1e3),
            results=results.stat().st_size if results.exists() else 0,
        )


def _stand_in(directory: Path, release: str) -> Path:
    path = directory / f"codex-{release}"
    path.write_text(STAND_IN.format(release=release))
    path.chmod(0o755)
    return path


HEAD: Final = (
    *("scenarios", "collecting", "a run", "a scenario of it"),
    *("controller", "its memory", "results, a scenario", "the page", "the page, a scenario"),
)


def _row(name: str, project: Project, idle: Cost) -> Sequence[str]:
    collected, ran, page = project.collect(), project.run(), project.draw()
    each = (ran.cpu_seconds - idle.cpu_seconds) / project.units * 1000
    return (
        name,
        f"{collected.cpu_seconds:.2f} s",
        f"{ran.cpu_seconds:.1f} s",
        f"{each:.1f} ms",
        f"{ran.controller_seconds:.1f} s",
        f"{ran.megabytes:.0f} MB",
        f"{ran.results / project.units / 1000:.1f} kB",
        f"{page.cpu_seconds:.1f} s",
        f"{page.size / project.units / 1000:.1f} kB",
    )


@click.command
@click.option("--size", "sizes", type=int, multiple=True, help="How many scenarios; repeatable.")
def growth(sizes: Sequence[int]) -> None:
    """Measure how collecting, running, results and page grow with scenarios and releases."""
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-growth-") as directory:
        root = Path(directory)
        one = Project(root / "one", 1)
        one.run()  # the first reads all from the disk, and compiles what is new
        idle = one.run()
        rows = [_row(f"{size}", Project(root / f"{size}", size), idle) for size in sizes or SIZES]
        name = f"{OF_RELEASES} on {RELEASES} releases"
        rows.append(_row(name, Project(root / "releases", OF_RELEASES, RELEASES), idle))
        click.echo(table(HEAD, rows, numbers=len(HEAD) - 1))
        click.echo(f"\nA run of one scenario needs {idle.cpu_seconds:.1f} s.")


if __name__ == "__main__":
    growth()
