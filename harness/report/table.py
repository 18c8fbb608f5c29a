"""The table at the end of a run: a row a scenario, a mark a probe.

Scenarios with a host or a story have probes of their own, and therefore tables of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pytest
from attrs import define, field
from packaging.version import Version

from harness.report.verdicts import verdict_of
from harness.results import VERDICTS
from harness.seen.records import Kind, probes_of

NOT_APPLICABLE: Final = "not applicable"
BAD_ENDINGS: Final = {"hang": "H", "crash": "C"}
MARKS: Final = BAD_ENDINGS | {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    NOT_APPLICABLE: "-",
    "": "·",
}
ASCII_MARKS: Final = MARKS | {"passed": ".", "failed": "F", "error": "E", "": " "}
TITLES: Final[Mapping[Kind, str]] = {
    "home": "scenario",
    "host": "with a host",
    "story": "with a story",
}
COLUMNS: Final = {title: probes_of(kind) for kind, title in TITLES.items()}
COLOURS: Final = {"passed": "green", "error": "yellow"} | dict.fromkeys(
    ("failed", *BAD_ENDINGS), "red"
)


@define
class Row:
    """A scenario: its table, the outcome of each of its probes, and what its stages cost."""

    table: str = "scenario"
    outcomes: dict[str, str] = field(factory=dict)
    reason: str = ""
    seconds: float = 0
    cpu_seconds: float = 0
    processes: int = 0


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
    """Write the tables, if there was any scenario: for each release one, and the totals."""
    reports = [report for many in terminal.stats.values() for report in many]
    releases = rows_of(report for report in reports if hasattr(report, "when"))
    marks = MARKS if _is_unicode(terminal) else ASCII_MARKS
    width = max(
        (len(name) for rows in releases.values() for name in (*rows, "scenario")), default=0
    )
    for release, rows in releases.items():
        terminal.section(f"Codex {release or '(none ran)'}", sep="=")
        for table, probes in COLUMNS.items():
            of_table = {name: row for name, row in rows.items() if row.table == table}
            if of_table:
                terminal.write_line("  ".join((f"{table:<{width}}", *probes, "time")))
            for name, row in of_table.items():
                _write_row(terminal, f"{name:<{width}}", row, probes, marks)
    if releases:
        terminal.write_line(_totals(releases))


def _write_row(
    terminal: pytest.TerminalReporter,
    name: str,
    row: Row,
    probes: Iterable[str],
    marks: Mapping[str, str],
) -> None:
    terminal.write(name)
    for probe in probes:
        _write_mark(terminal, row, probe, marks)
    if "module" in row.outcomes:
        terminal.write("  the module could not be loaded", yellow=True)
    told = f"not applicable: {row.reason}" if row.reason else f"{row.seconds:.1f} s"
    terminal.write_line(f"  {told}")


def _write_mark(
    terminal: pytest.TerminalReporter, row: Row, probe: str, marks: Mapping[str, str]
) -> None:
    outcome = row.outcomes.get(probe, "")
    mark = f"  {marks.get(outcome, '?'):^{len(probe)}}"
    terminal.write(mark, **{COLOURS.get(outcome, "light"): True})


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


def _is_unicode(terminal: pytest.TerminalReporter) -> bool:
    encoding = getattr(terminal._tw._file, "encoding", None) or "ascii"  # noqa: SLF001
    try:
        "".join(MARKS.values()).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
