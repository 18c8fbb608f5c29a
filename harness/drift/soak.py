"""``soak``: the same scenarios again and again, on busy cores, in another order each time.

Every second run lets each Codex have all cores, since threads of one meet in other ways there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import starmap
from pathlib import Path
from typing import Any, Final

from harness.drift.behaviour import Behaviour, DriftError, Say, changes, run, steady
from harness.reaper import Run
from harness.results import CellResult, Results
from harness.scheduling import available_cores

DIRECTORY: Final = Path("results", "soak")
"""Where the results of each run stay, ``1.jsonl`` and so on."""

BUSY: Final = """
import select, sys
while not select.select([sys.stdin], [], [], 0)[0]:
    sum(range(100_000))
"""
"""A program that keeps a core busy until its standard input ends, as it does with its parent."""

MATCHERS: Final = ("at_most(", "between(", "either(", "every(", "matching(")
"""How expectations are written in results that more than one thing meets."""

ANYBODY: Final = "every('')"
"""How an expectation is written that anybody may ask."""


def soak(runs: int, seed: int, arguments: Sequence[str], say: Say) -> int:
    """Run scenarios several times and say which cells were not the same each time.

    Args:
        runs: how often, at least twice.
        seed: decides the order of each run.
        arguments: what else pytest is told, such as modules or ``-k`` and an expression.
        say: takes what is said, line by line.

    Returns:
        How many cells differed.

    Raises:
        DriftError: a run did not come to its end, or saw nothing.
    """
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    first: Mapping[str, Behaviour] = {}
    differing: set[tuple[str, str, str]] = set()
    say(f"{runs} runs, the first with --order={seed}; their results stay in {DIRECTORY}")
    with Run(), busy_cores(available_cores()):
        for number in range(1, runs + 1):
            options = [
                f"--order={seed + number - 1}",
                *(["--all-cores"] if number % 2 == 0 else []),
            ]
            results = run(DIRECTORY / f"{number}.jsonl", [*options, *arguments])
            seen = cells_of(results)
            first = first or seen
            differing |= _say_differences(first, seen, number, say)
            told = " ".join(options)
            say(f"run {number}, {told}: {len(results.cells)} cells, {_verdicts(results)}")
    say(f"\n{len(differing)} cells were not the same in all runs")
    return len(differing)


def cells_of(results: Results) -> Mapping[str, Behaviour]:
    """Return the verdict and what was seen, without what differs from run to run, of each cell.

    By release; of a cell that could not be observed, what is said of it.

    Raises:
        DriftError: there is none.
    """
    if not results.cells:
        message = "nothing was run: no scenario is meant by these arguments"
        raise DriftError(message)
    cells: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {}
    for cell in results.cells:
        seen = {"text": cell.text} if cell.seen is None else {"seen": without_chance(cell)}
        of_release = cells.setdefault(cell.release, {})
        of_release[cell.scenario, cell.probe] = {"verdict": cell.verdict, **seen}
    return cells


def without_chance(cell: CellResult) -> Mapping[str, Any]:
    """Return what a cell saw, without what differs from run to run.

    What the scenario itself leaves to chance is as it is expected: ``either(…)``, ``at_most(2)``.
    Who asks is as well, unless that is expected, where chance decides whether somebody asks.
    """
    expected = dict(cell.expected or {})
    if any(map(_is_matcher, (expected.get("counts") or {}).values())):
        expected.setdefault("bearers", ANYBODY)
    for difference in cell.differences:
        expected.pop(difference["field"], None)
    settled: Mapping[str, Any] = _settled(steady(cell.seen or {}), expected)
    return settled


def _settled(seen: Any, expected: Any) -> Any:
    """Return ``seen`` with each matcher of ``expected`` in place of what it held for."""
    if _is_matcher(expected):
        return expected
    if isinstance(seen, Mapping) and isinstance(expected, Mapping):
        # A count that may be anything may be none.
        chances = {name: value for name, value in expected.items() if _is_matcher(value)}
        kept = {name: _settled(value, expected.get(name)) for name, value in seen.items()}
        return kept | chances
    if isinstance(seen, list) and isinstance(expected, list):
        return list(starmap(_settled, zip(seen, expected, strict=True)))
    return seen


def _is_matcher(expected: Any) -> bool:
    return isinstance(expected, str) and expected.startswith(MATCHERS)


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """Keep so many cores busy meanwhile."""
    with ExitStack() as stack:
        for _ in range(count):
            busy = subprocess.Popen([sys.executable, "-I", "-c", BUSY], stdin=subprocess.PIPE)
            stack.enter_context(busy)
        yield


def _say_differences(
    first: Mapping[str, Behaviour], seen: Mapping[str, Behaviour], number: int, say: Say
) -> set[tuple[str, str, str]]:
    """Say how a run differs from the first; return the cells that do."""
    cells = set()
    for release in dict.fromkeys([*first, *seen]):
        found = changes(first.get(release, {}), seen.get(release, {}))
        for (scenario, probe), several in found.items():
            cells.add((release, scenario, probe))
            say(f"{scenario}: {probe} (Codex {release}), run 1 -> run {number}:")
            for change in several:
                say(f"    {change}")
    return cells


def _verdicts(results: Results) -> str:
    verdicts = [cell.verdict for cell in results.cells]
    return ", ".join(f"{verdicts.count(one)} {one}" for one in dict.fromkeys(verdicts))
