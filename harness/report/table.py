"""The table at the end of a run: a row a scenario, a mark a probe.

Scenarios with a host have probes of their own, and therefore a table of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pytest
from attrs import define, field

from harness.seen.records import probes_with

MARKS: Final = {"passed": "✓", "failed": "✗", "error": "!", "": "·"}
ASCII_MARKS: Final = {"passed": ".", "failed": "F", "error": "E", "": " "}
COLUMNS: Final = {"scenario": probes_with(host=False), "with a host": probes_with(host=True)}
COLOURS: Final = {"passed": "green", "failed": "red", "error": "yellow", "": "light"}


@define
class Row:
    """A scenario: its table, the outcome of each of its probes, and what it cost."""

    table: str = "scenario"
    outcomes: dict[str, str] = field(factory=dict)
    seconds: float = 0
    cpu_seconds: float = 0
    processes: int = 0


def rows_of(reports: Iterable[Any]) -> tuple[dict[str, Row], set[str]]:
    """Return the rows by scenario, sorted, and the releases of Codex that were run."""
    rows: dict[str, Row] = {}
    releases: set[str] = set()
    for report in reports:
        properties: Mapping[str, Any] = dict(getattr(report, "user_properties", ()))
        if "scenario" not in properties:
            continue
        row = rows.setdefault(properties["scenario"], Row())
        row.table = "with a host" if properties.get("host") else "scenario"
        row.seconds += report.duration
        if report.when == "setup":
            row.cpu_seconds += properties.get("cpu_seconds", 0)
            row.processes += properties.get("processes", 0)
            releases |= {properties["codex"]} if "codex" in properties else set()
        outcome = "error" if report.when != "call" and report.failed else report.outcome
        if report.when == "call" or report.failed:
            row.outcomes[properties.get("probe", "module")] = outcome
    return dict(sorted(rows.items())), releases


def write_table(terminal: pytest.TerminalReporter) -> None:
    """Write the table, if there was any scenario."""
    reports = [report for many in terminal.stats.values() for report in many]
    rows, releases = rows_of(report for report in reports if hasattr(report, "when"))
    if not rows:
        return
    marks = MARKS if _is_unicode(terminal) else ASCII_MARKS
    width = max(len(name) for name in (*rows, "scenario"))
    terminal.section(f"Codex {', '.join(sorted(releases)) or '(none ran)'}", sep="=")
    for table, probes in COLUMNS.items():
        of_table = {name: row for name, row in rows.items() if row.table == table}
        if of_table:
            terminal.write_line("  ".join((f"{table:<{width}}", *probes, "time")))
        for name, row in of_table.items():
            terminal.write(f"{name:<{width}}")
            for probe in probes:
                _write_mark(terminal, row, probe, marks)
            if "module" in row.outcomes:
                terminal.write("  the module could not be loaded", yellow=True)
            terminal.write_line(f"  {row.seconds:.1f} s")
    terminal.write_line(_totals(rows))


def _write_mark(
    terminal: pytest.TerminalReporter, row: Row, probe: str, marks: Mapping[str, str]
) -> None:
    outcome = row.outcomes.get(probe, "")
    mark = f"  {marks.get(outcome, '?'):^{len(probe)}}"
    terminal.write(mark, **{COLOURS.get(outcome, "yellow"): True})


def _totals(rows: Mapping[str, Row]) -> str:
    outcomes = [outcome for row in rows.values() for outcome in row.outcomes.values()]
    counts = {kind: outcomes.count(kind) for kind in ("passed", "failed", "error")}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    processes = sum(row.processes for row in rows.values())
    cpu = sum(row.cpu_seconds for row in rows.values())
    return (
        f"{len(rows)} scenarios, {len(outcomes)} cells: {told}; "
        f"{processes} Codex processes, {cpu:.1f} s of processor time"
    )


def _is_unicode(terminal: pytest.TerminalReporter) -> bool:
    encoding = getattr(terminal._tw._file, "encoding", None) or "ascii"  # noqa: SLF001
    try:
        "".join(MARKS.values()).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
