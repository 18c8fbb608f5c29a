"""What releases do: observations of a run, without what changes from one run to the next."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import frozen

from harness.errors import PlainError
from harness.reaper import Run
from harness.report.verdicts import FAULT
from harness.results import Results
from harness.seen.records import PROBES

VOLATILE: Final = ("seconds",)
"""Fields of a record that differ from run to run."""

BACKGROUND: Final = ("GET /v1/models",)
"""Requests that Codex makes in the background: how often is chance."""

Behaviour = Mapping[tuple[str, str], Mapping[str, Any]]
"""What was seen on one release, by scenario and probe."""


Say = Callable[[str], None]
"""Takes what is said, line by line."""


class DriftError(PlainError):
    """A comparison that cannot be made; the message says why."""


def observe(codexes: Iterable[str], arguments: Sequence[str]) -> Mapping[str, Behaviour]:
    """Run scenarios on releases and return what each did, in the order of the releases.

    Args:
        codexes: words for ``--codex``.
        arguments: what else pytest is told, such as modules or ``-k`` and an expression.

    Raises:
        DriftError: the run did not come to its end, or saw nothing.
    """
    with Run() as around:
        path = around.directory / "results.jsonl"
        return behaviours(run(path, [*(f"--codex={word}" for word in codexes), *arguments]))


def run(path: Path, arguments: Sequence[str]) -> Results:
    """Run scenarios, write the results into a file, and return them.

    Args:
        path: the file.
        arguments: what pytest is told.

    Raises:
        DriftError: the run did not come to its end.
    """
    options = ["-q", "-n", "auto", "--tb=no", "--no-summary", f"--results={path}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments],
        # What differs here is no failure of a job on GitHub.
        env={name: os.environ[name] for name in os.environ if not name.startswith("GITHUB_")},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    # Failed cells are what this is about; of a fault, the cell says more than the exit code.
    if done.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, FAULT):
        message = f"the run failed (exit code {done.returncode}): {_last_line(done.stdout)}"
        raise DriftError(message)
    return Results.read(path)


def behaviours(results: Results) -> Mapping[str, Behaviour]:
    """Return what each release of a run did.

    Raises:
        DriftError: the run did not come to its end, or a cell could not be observed.
    """
    if results.footer is None:
        message = "the results are those of a run that did not come to its end"
        raise DriftError(message)
    seen: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {
        release: {} for release in results.header["releases"]
    }
    for cell in results.cells:
        if cell.verdict == "not applicable":
            continue
        if cell.seen is None:
            message = f"{cell.scenario}: {cell.probe} could not be observed:\n{cell.text}"
            raise DriftError(message)
        seen[cell.release][cell.scenario, cell.probe] = steady(cell.seen)
    # A run on several workers ends its cells in no order.
    return {
        release: dict(sorted(cells.items(), key=lambda item: _place(*item[0])))
        for release, cells in seen.items()
    }


def _place(scenario: str, probe: str) -> tuple[str, int, str]:
    """Return where a cell stands: by scenario, then in the order of the probes."""
    return scenario, PROBES.index(probe) if probe in PROBES else len(PROBES), probe


def steady(seen: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record ``seen`` without what differs from run to run."""
    kept = {name: value for name, value in seen.items() if name not in VOLATILE}
    if "counts" in kept:
        counts = kept["counts"] or {}
        kept["counts"] = {name: n for name, n in counts.items() if name not in BACKGROUND}
    return kept


@frozen
class Change:
    """A value that is not what it was.

    Args:
        where: the field, and the way into it: ``"counts, POST /oauth/token"``.
        old, new: the two values; ``MISSING`` for none.
    """

    where: str
    old: Any
    new: Any

    def __str__(self) -> str:
        """Show the change on a line."""
        return f"{self.where}: {_shown(self.old)} -> {_shown(self.new)}"


class _Missing:
    def __repr__(self) -> str:
        return "none"


MISSING: Final = _Missing()
"""Stands for a value that is not there."""


def changes(old: Behaviour, new: Behaviour) -> Mapping[tuple[str, str], Sequence[Change]]:
    """Return what is seen differently, by scenario and probe, in the order of ``old``."""
    found = {}
    for cell in dict.fromkeys([*old, *new]):
        if cell not in old or cell not in new:
            there = Change("there", cell in old, cell in new)
            found[cell] = [there]
        elif differing := list(_changes((), old[cell], new[cell])):
            found[cell] = differing
    return found


def _changes(where: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from _changes((*where, name), old.get(name, MISSING), new.get(name, MISSING))
    elif old != new:
        yield Change(", ".join(where), old, new)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value else repr(value)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
