"""What a run costs against what one would do otherwise: ``nox -s against``.

The same checks of the same scenarios in each way, round by round one way after the other, so that
whatever else the machine does falls on all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import click
from attrs import frozen

from harness.arguments import DIRECTORY
from harness.bench import children_seconds
from harness.declare.modules import load_module, module_paths
from harness.report.markdown import table
from harness.scheduling import available_cores

SAMPLE: Final = 12
ROUNDS: Final = 2
HEAD: Final = ("way", "clock", "times", "processors", "times")
PYTEST: Final = ("-m", "pytest", "-q", "-p", "no:cacheprovider")

TOX: Final = """\
[tox]
skipsdist = true
env_list = {names}

[testenv]
skip_install = true
set_env = PYTHONPATH = {root}
allowlist_externals = {python}
"""
"""Each scenario an environment; the generous way, which installs nothing in any of them."""

TOX_SCENARIO: Final = """
[testenv:{name}]
change_dir = {root}
commands = {python} {pytest} -n 0 {path}
"""


@frozen
class Cost:
    """Seconds on the clock, and of the processors, of the fastest of several rounds."""

    wall_seconds: float
    cpu_seconds: float


def sample(size: int) -> Sequence[Path]:
    """Return as many modules, spread evenly over those whose scenarios get the whole suite."""
    paths = [path for path in module_paths(Path(DIRECTORY)) if _is_ordinary(path)]
    return paths[:: max(1, len(paths) // size)][:size]


def _is_ordinary(path: Path) -> bool:
    (first, *others) = load_module(path)
    return not others and first.scenario.kind == "home" and not first.scenario.waits


def measure(ways: Mapping[str, Callable[[], None]], rounds: int) -> Mapping[str, Cost]:
    """Go each way once a round; return what each cost at its fastest.

    Raises:
        SystemExit: one was not green, so that its cost says nothing.
    """
    costs: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        for name, go in ways.items():
            before, started = children_seconds(), time.monotonic()
            go()
            cost = Cost(time.monotonic() - started, children_seconds() - before)
            costs.setdefault(name, []).append(cost)
    return {
        name: Cost(
            min(one.wall_seconds for one in several), min(one.cpu_seconds for one in several)
        )
        for name, several in costs.items()
    }


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stdout.buffer.write(done.stdout)
        raise SystemExit(done.returncode)


def _ways(paths: Sequence[Path], tools: Path, scratch: Path) -> Mapping[str, Callable[[], None]]:
    cores = str(available_cores())
    names = [path.stem for path in paths]
    tox = _written_for_tox(paths, scratch)

    def one_process_each() -> None:
        with ThreadPoolExecutor(int(cores)) as pool:
            runs = pool.map(lambda path: _run(sys.executable, *PYTEST, "-n", "0", path), paths)
            list(runs)

    sessions = [f"scenario-{name}" for name in names]
    nox = [
        str(tools / "nox"),
        "--no-install",
        "--reuse-venv=yes",
        "--allow-parallel",
        "-j",
        cores,
        "-s",
        *sessions,
    ]
    return {
        "one run": lambda: _run(sys.executable, *PYTEST, "-n", cores, *paths),
        "a pytest process per scenario": one_process_each,
        "a nox session per scenario": lambda: _run(*nox, "--", "-n", "0"),
        "tox -p": lambda: _run(tools / "tox", "-q", "-c", tox, "-p", cores),
        "an empty home per test": lambda: _run(
            sys.executable, *PYTEST, "-p", "harness.plain", "-n", cores, *paths
        ),
    }


def _written_for_tox(paths: Iterable[Path], scratch: Path) -> Path:
    """Write what tox is told, and return its file."""
    said = {"root": Path.cwd(), "python": sys.executable, "pytest": " ".join(PYTEST)}
    head = TOX.format(names=", ".join(path.stem for path in paths), **said)
    each = (TOX_SCENARIO.format(name=path.stem, path=path, **said) for path in paths)
    written = scratch / "tox.ini"
    written.write_text(head + "".join(each))
    return written


@click.command
@click.option(
    "--tools", type=click.Path(path_type=Path), required=True, help="Where tox and nox are."
)
@click.option("--sample", "size", default=SAMPLE, show_default=True, help="How many modules.")
@click.option("--rounds", default=ROUNDS, show_default=True, help="The fastest counts.")
def against(tools: Path, size: int, rounds: int) -> None:
    """Measure a run against what one would do otherwise."""
    paths = sample(size)
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-against-") as scratch:
        costs = measure(_ways(paths, tools.absolute(), Path(scratch)), rounds)
    base = next(iter(costs.values()))
    rows = [
        (
            name,
            f"{cost.wall_seconds:.1f} s",
            f"{cost.wall_seconds / base.wall_seconds:.1f}",
            f"{cost.cpu_seconds:.1f} s",
            f"{cost.cpu_seconds / base.cpu_seconds:.1f}",
        )
        for name, cost in costs.items()
    ]
    click.echo(table(HEAD, rows, numbers=len(HEAD) - 1))
    load = os.getloadavg()[0]
    click.echo(
        f"\n{len(paths)} scenarios on {available_cores()} cores, the fastest of {rounds} rounds; "
        f"load average {load:.1f}"
    )


if __name__ == "__main__":
    against()
