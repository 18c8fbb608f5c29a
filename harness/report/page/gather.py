"""What several files of results say together: of each cell, what was seen last."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from attrs import define, field, frozen
from packaging.version import InvalidVersion, Version

from harness.drift.behaviour import steady
from harness.results import (
    VERDICTS,
    CellResult,
    Result,
    ResultsError,
    ScenarioResult,
    StageResult,
    Verdict,
    read_lines,
)
from harness.shards.plan import Plan

UUID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
"""What threads, turns and items are called, anew in each run."""

EMITTED: Final = "emittedAtMs"
"""The clock in notifications (0.150.0 and newer); the transcript has one of its own."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(value: Any) -> str:
    """Return a value as JSON without spaces."""
    return _ENCODER.encode(value)


class Texts:
    """Texts by number, each kept once: most messages are the same in many scenarios."""

    def __init__(self) -> None:
        """Hold none."""
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []

    def __getitem__(self, number: int) -> str:
        """Return the text of a number."""
        return self._texts[number]

    def number(self, value: Any) -> int:
        """Return the number of a value, which is kept as JSON."""
        return self.number_of_text(compact(value))

    def number_of_text(self, text: str) -> int:
        """Return the number of a text."""
        known = self._numbers.setdefault(text, len(self._texts))
        if known == len(self._texts):
            self._texts.append(text)
        return known


@frozen(kw_only=True)
class Cell:
    """A probe of a scenario on a release; the numbers are those of values in ``Texts``.

    Args:
        verdict: as in the results.
        seen: the record, or ``null``.
        steady: what of it does not change from run to run.
        expected: the record that was expected, or ``null``.
        differences: where the two differ.
        text: what a person reads of a failure.
        again: the command that runs the cell again.
    """

    verdict: Verdict
    seen: int
    steady: int
    expected: int
    differences: int
    text: int
    again: int


@frozen(kw_only=True)
class Stage:
    """A stage of a scenario on a release; the numbers are those of values in ``Texts``.

    Args:
        probes, seconds, cpu_seconds, processes: as in the results.
        transcript: of each message the milliseconds, the sender and the message.
        requests: of each request the milliseconds, what it is without its body, and its body.
        before, after: what the home held.
        stderr: what Codex wrote to standard error.
        seen_in, endings: as in the results.
        counts: how often each endpoint was asked.
    """

    probes: Sequence[str]
    seconds: float
    cpu_seconds: float
    processes: int
    transcript: Sequence[tuple[int, str, int]]
    requests: Sequence[tuple[int, int, int]]
    before: int
    after: int
    stderr: int
    seen_in: str
    endings: Sequence[str]
    counts: Mapping[str, int]


@define
class Row:
    """A scenario: what its module says of it, its cells and its stages.

    Args:
        module: its module.
        told: the line of results; ``None`` for a module that could not be loaded.
        cells: by probe and release.
        stages: by name and release.
    """

    module: str = ""
    told: ScenarioResult | None = None
    cells: dict[tuple[str, str], Cell] = field(factory=dict)
    stages: dict[tuple[str, str], Stage] = field(factory=dict)


@frozen
class Gathered:
    """What files of results say together.

    Args:
        runs: the header of each file, the newest first, with ``file``, its name, and ``ended``,
            which is ``None`` for a run that did not come to its end.
        releases: the releases that were run, the oldest first.
        rows: the scenarios, by id.
        texts: what the numbers in them stand for.
    """

    runs: Sequence[Mapping[str, Any]]
    releases: Sequence[str]
    rows: Mapping[str, Row]
    texts: Texts


def gather(paths: Iterable[Path]) -> Gathered:
    """Return what files of results say; where several have a cell, the newest of them.

    Raises:
        ResultsError: one cannot be read, or there is none.
    """
    newest_first = sorted(paths, key=_started, reverse=True)
    if not newest_first:
        message = "there are no results; make some with: nox -s scenarios"
        raise ResultsError(message)
    reader = _Reader()
    runs = [reader.read(path) for path in newest_first]
    releases = {release for run in runs for release in run["releases"]}
    rows = dict(sorted(reader.rows.items()))
    return Gathered(runs, sorted(releases, key=_age), rows, reader.texts)


@define
class _Reader:
    """Reads files of results into rows, the newest file first: what is there stays."""

    rows: dict[str, Row] = field(factory=dict)
    texts: Texts = field(factory=Texts)

    def read(self, path: Path) -> Mapping[str, Any]:
        """Read a file; return its header.

        Raises:
            ResultsError: it is no file of results.
        """
        lines = read_lines(path)
        header = _as_data(next(lines))
        footer: Mapping[str, Any] = {}
        for line in lines:
            if isinstance(line, Mapping):
                footer = line
            elif not isinstance(line, Plan):
                try:
                    self._take(line, header["releases"])
                except (AttributeError, KeyError, TypeError, ValueError) as error:
                    message = (
                        f"{path}: {line.scenario}: a line of results is not as "
                        f"harness/results.schema.json describes it: {error!r}"
                    )
                    raise ResultsError(message) from error
        return {**header, "file": path.name, "ended": footer.get("ended")}

    def _take(self, line: Result, releases: Sequence[str]) -> None:
        if isinstance(line, CellResult) and not line.release:
            self._take_mistake(line, releases)
            return
        row = self.rows.setdefault(line.scenario, Row())
        if isinstance(line, ScenarioResult):
            row.module, row.told = row.module or line.module, row.told or line
        elif line.release not in releases:
            message = f"Codex {line.release} is none of the releases of the run"
            raise ValueError(message)
        elif isinstance(line, StageResult):
            if (line.stage, line.release) not in row.stages:
                row.stages[line.stage, line.release] = self._stage(line)
        elif (line.probe, line.release) not in row.cells:
            row.module = row.module or line.module
            row.cells[line.probe, line.release] = self._cell(line)

    def _take_mistake(self, line: CellResult, releases: Sequence[str]) -> None:
        """Take a module that could not be loaded, unless a newer run could load it."""
        if line.scenario not in self.rows:
            cell = self._cell(line)
            cells = {(line.probe, release): cell for release in releases}
            self.rows[line.scenario] = Row(module=line.module, cells=cells)

    def _cell(self, line: CellResult) -> Cell:
        number = self.texts.number
        if line.verdict not in VERDICTS:
            message = f"{line.verdict!r} is no verdict"
            raise ValueError(message)
        return Cell(
            verdict=line.verdict,
            seen=number(line.seen),
            steady=number(steady(line.seen or {})),
            expected=number(line.expected),
            differences=number(line.differences),
            text=number(line.text),
            again=number(line.again),
        )

    def _stage(self, line: StageResult) -> Stage:
        named = _Names()
        counts: dict[str, int] = {}
        for request in line.requests:
            endpoint = f"{request['method']} {request['path']}"
            counts[endpoint] = counts.get(endpoint, 0) + 1
        return Stage(
            probes=line.probes,
            seconds=line.seconds,
            cpu_seconds=line.cpu_seconds,
            processes=line.processes,
            transcript=[
                (_milliseconds(one["at"]), one["sender"], self._named(one["message"], named))
                for one in line.transcript
            ],
            requests=[
                (
                    _milliseconds(one["at"]),
                    self.texts.number(
                        {name: one[name] for name in one if name not in ("at", "body")}
                    ),
                    self._named(one["body"], named),
                )
                for one in line.requests
            ],
            before=self.texts.number(line.before),
            after=self.texts.number(line.after),
            stderr=self.texts.number(line.stderr),
            seen_in=line.seen_in,
            endings=line.endings,
            counts=counts,
        )

    def _named(self, message: Any, named: _Names) -> int:
        if isinstance(message, dict) and EMITTED in message:
            message = {name: value for name, value in message.items() if name != EMITTED}
        return self.texts.number_of_text(UUID.sub(named.name, compact(message)))


class _Names:
    """Names for the identifiers in a stage, in the order in which they come up."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._names: dict[str, str] = {}

    def name(self, found: re.Match[str]) -> str:
        """Return what an identifier is called."""
        if found[0] not in self._names:
            self._names[found[0]] = f"uuid-{next(self._numbers)}"
        return self._names[found[0]]


def _started(path: Path) -> str:
    return str(_as_data(next(read_lines(path))).get("started", ""))


def _as_data(header: object) -> Mapping[str, Any]:
    assert isinstance(header, Mapping)
    return header


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _age(release: str) -> tuple[bool, Version, str]:
    """Return what sorts releases by age; what is no number of a release comes last."""
    try:
        return False, Version(release), release
    except InvalidVersion:
        return True, Version("0"), release


def folder_of(module: str) -> str:
    """Return the folder below ``scenarios/`` in which a module lies; ``""`` for none."""
    inside = module.partition("scenarios/")[2] or module
    return inside.rpartition("/")[0]


def classes(cells: Iterable[Cell | None]) -> Iterator[int | None]:
    """Yield for each cell a number that it shares with those that saw the same."""
    known: dict[int, int] = {}
    for cell in cells:
        is_seen = cell is not None and cell.verdict not in ("error", "not applicable")
        yield known.setdefault(cell.steady, len(known)) if cell and is_seen else None
