"""The matrix at the end of a run: a row a scenario, a mark a probe; of several releases, a release.

Scenarios with a host or a story have probes of their own, and therefore tables of their own. Of
many rows only those are shown that say something; the others are counted by folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from textwrap import fill
from typing import Any, Final

import pytest
from attrs import define, field, frozen
from packaging.version import Version

from harness.report.signs import AS_EXPECTED, COLOURS, NOT_APPLICABLE, NOT_RUN, signs_of
from harness.report.verdicts import verdict_of
from harness.results import VERDICTS
from harness.seen.records import Kind, probes_of

WHOLE: Final = 30
"""Up to so many rows, all are shown."""

TITLES: Final[Mapping[Kind, str]] = {
    "home": "scenario",
    "host": "with a host",
    "story": "with a story",
}
COLUMNS: Final = {title: probes_of(kind) for kind, title in TITLES.items()}

WORST: Final = ("error", "crash", "hang", "failed", "passed", NOT_APPLICABLE)
"""The first of them that a cell has stands for all cells of a scenario."""


@define
class Row:
    """A scenario on a release: where it stands, what came of its probes, what its stages cost."""

    table: str = "scenario"
    folder: str = ""
    outcomes: dict[str, str] = field(factory=dict)
    reason: str = ""
    seconds: float = 0
    cpu_seconds: float = 0
    processes: int = 0

    @property
    def is_as_expected(self) -> bool:
        """Whether there is nothing to say of it."""
        return AS_EXPECTED.issuperset(self.outcomes.values())

    @property
    def outcome(self) -> str:
        """The worst outcome of its probes."""
        return next((one for one in WORST if one in self.outcomes.values()), NOT_RUN)

    @property
    def differing(self) -> Sequence[str]:
        """The probes that did not see what is expected."""
        if "module" in self.outcomes:
            return [self.remark]
        return [probe for probe, outcome in self.outcomes.items() if outcome not in AS_EXPECTED]

    @property
    def remark(self) -> str:
        """What is said behind its marks."""
        if "module" in self.outcomes:
            return "the module could not be loaded"
        return f"not applicable: {self.reason}" if self.reason else f"{self.seconds:.1f} s"


@frozen
class Line:
    """A row as it is shown: its name, an outcome a column, and what is said behind them.

    ``differing``: said instead where the columns have no names of their own.
    """

    name: str
    outcomes: Sequence[str]
    remark: str
    differing: Sequence[str]


def rows_of(reports: Iterable[Any]) -> Mapping[str, Mapping[str, Row]]:
    """Return the rows by scenario, sorted, of each release of Codex, the oldest first.

    A module that could not be loaded ran on none; it stands with the first release.
    """
    releases: dict[str, dict[str, Row]] = {}
    for report in reports:
        told: Mapping[str, Any] | None = getattr(report, "cell", None)
        if told is None:
            continue
        rows = releases.setdefault(told.get("release", ""), {})
        row = rows.setdefault(told["scenario"], Row())
        if "kind" in told:
            row.table = TITLES[told["kind"]]
        row.folder = PurePosixPath(told.get("module", "")).parent.name
        if "stage" in told:
            row.seconds += told["stage"]["seconds"]
            row.cpu_seconds += told["stage"]["cpu_seconds"]
            row.processes += told["stage"]["processes"]
        if "not_applicable" in told:
            row.reason = told["not_applicable"]
        verdict = verdict_of(report)
        if verdict:
            row.outcomes[told.get("probe", "module")] = verdict
    broken = releases.pop("", {})
    in_order = sorted(releases, key=Version)
    first = in_order[0] if in_order else ""
    releases[first] = releases.get(first, {}) | broken
    return {
        release: dict(sorted(releases[release].items()))
        for release in in_order or [""]
        if releases[release]
    }


def write_table(terminal: pytest.TerminalReporter) -> None:
    """Write the matrix, if there was any scenario, and the totals; with ``-v``, every row of it."""
    reports = [report for many in terminal.stats.values() for report in many]
    releases = rows_of(report for report in reports if hasattr(report, "when"))
    if not releases:
        return
    terminal.section(f"Codex {', '.join(releases) if any(releases) else '(none ran)'}", sep="=")
    scenarios: dict[str, dict[str, Row]] = {}
    for release, rows in releases.items():
        for name, row in rows.items():
            scenarios.setdefault(name, {})[release] = row
    every_one = len(scenarios) <= WHOLE or terminal.verbosity > 0
    shown = {
        name: rows
        for name, rows in sorted(scenarios.items())
        if every_one or not all(row.is_as_expected for row in rows.values())
    }
    if len(releases) > 1:
        lines = [_line_of_releases(name, rows, releases) for name, rows in shown.items()]
        _write_lines(terminal, "scenario", [*releases], lines)
    else:
        _write_probes(
            terminal, {name: row for name, rows in shown.items() for row in rows.values()}
        )
    _write_counts(terminal, [rows for name, rows in scenarios.items() if name not in shown])
    terminal.write_line(_totals(releases))


def _line_of_releases(name: str, rows: Mapping[str, Row], releases: Iterable[str]) -> Line:
    differing = [probe for row in rows.values() for probe in row.differing]
    probes = list(dict.fromkeys(differing))
    outcomes = [rows[release].outcome if release in rows else NOT_RUN for release in releases]
    return Line(name, outcomes, ", ".join(probes), probes)


def _write_probes(terminal: pytest.TerminalReporter, rows: Mapping[str, Row]) -> None:
    """Write a table for each kind of scenario, since they have other probes."""
    for table, probes in COLUMNS.items():
        lines = [
            Line(
                name,
                [row.outcomes.get(probe, NOT_RUN) for probe in probes],
                row.remark,
                row.differing,
            )
            for name, row in rows.items()
            if row.table == table
        ]
        _write_lines(terminal, table, probes, lines)


def _write_lines(
    terminal: pytest.TerminalReporter, title: str, columns: Sequence[str], lines: Sequence[Line]
) -> None:
    """Write rows below the names of their columns; where those are too wide, close together."""
    if not lines:
        return
    width = max(len(text) for text in (title, *(line.name for line in lines)))
    remarks = max(len(line.remark) for line in lines)
    wide = width + sum(len(column) + 2 for column in columns) + 2 + remarks
    room = terminal._tw.fullwidth - 1 if terminal.isatty() else wide  # noqa: SLF001
    if wide <= room:
        terminal.write_line("  ".join((f"{title:<{width}}", *columns)).rstrip())
        for line in lines:
            terminal.write(f"{line.name:<{width}}")
            for column, outcome in zip(columns, line.outcomes, strict=True):
                terminal.write("  ")
                _write_mark(terminal, outcome, len(column))
            terminal.write_line(f"  {line.remark}".rstrip())
        return
    terminal.write_line(fill(f"{title}: {', '.join(columns)}", room))
    width = min(width, room // 2)
    signs = signs_of(terminal)
    for line in lines:
        terminal.write(f"{signs.cut(line.name, width):<{width}}  ")
        for outcome in line.outcomes:
            _write_mark(terminal, outcome, 1)
        told = ", ".join(line.differing) or line.remark
        terminal.write_line(signs.cut(f"  {told}", room - width - 2 - len(columns)).rstrip())


def _write_mark(terminal: pytest.TerminalReporter, outcome: str, width: int) -> None:
    mark = signs_of(terminal).marks.get(outcome, "?")
    terminal.write(f"{mark:^{width}}", **{COLOURS.get(outcome, "light"): True})


def _write_counts(
    terminal: pytest.TerminalReporter, scenarios: Sequence[Mapping[str, Row]]
) -> None:
    """Write how many scenarios of each folder are not shown, since all in them is as expected."""
    if not scenarios:
        return
    by_folder: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for rows in scenarios:
        folder = next(iter(rows.values())).folder
        counts[folder] = counts.get(folder, 0) + 1
        outcomes = by_folder.setdefault(folder, [])
        outcomes += [outcome for row in rows.values() for outcome in row.outcomes.values()]
    width = max(map(len, ("as expected", *by_folder)))
    terminal.write_line(f"{'as expected':<{width}}  scenarios  cells  {NOT_APPLICABLE}")
    for folder, outcomes in sorted(by_folder.items()):
        passed, absent = outcomes.count("passed"), outcomes.count(NOT_APPLICABLE)
        told = f"{folder:<{width}}  {counts[folder]:9}  {passed:5}"
        terminal.write_line(f"{told}  {absent:{len(NOT_APPLICABLE)}}" if absent else told)


def _totals(releases: Mapping[str, Mapping[str, Row]]) -> str:
    rows = [row for rows in releases.values() for row in rows.values()]
    outcomes = [outcome for row in rows for outcome in row.outcomes.values()]
    counts = {verdict: outcomes.count(verdict) for verdict in VERDICTS}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    scenarios = len({name for rows in releases.values() for name in rows})
    on = f" on {len(releases)} releases" if len(releases) > 1 else ""
    return (
        f"{scenarios} scenarios{on}, {len(outcomes)} cells: {told}; "
        f"{sum(row.processes for row in rows)} Codex processes, "
        f"{sum(row.cpu_seconds for row in rows):.1f} s of processor time"
    )
