"""How a cell is run, and what is told of it: to pytest, to the terminal, in the results."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from harness.plugin.cells import Cell, Mistake
from harness.plugin.stash import CODEXES, RUNNER
from harness.plugin.workers import is_worker
from harness.report.signs import BAD_ENDINGS
from harness.report.verdicts import verdict_of
from harness.results import CellResult, ResultsWriter, line_of
from harness.scheduling import scope_of
from harness.shards.plugin import ShardPlugin
from harness.suite.runner import Key
from harness.world.network import why_shared

_LATEST: Final = pytest.StashKey[Key]()
"""The scenario whose cell was run last."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Run a cell with one report instead of three, since it has no fixtures to set up.

    Its ``setup`` is reported only where it fails. A run has thousands of cells, and all that is
    told of one travels from a worker to the controller: that it begins, once for all cells of its
    scenario, and no more than its report at the end, unless each is told of on a line of its own.
    """
    if not isinstance(item, Cell):
        return None
    config, hook = item.config, item.ihook
    item.comes_first = config.stash.get(_LATEST, None) != item.task.key
    config.stash[_LATEST] = item.task.key
    about = {"nodeid": item.nodeid, "location": item.location}
    tells_all = not is_worker(config) or config.get_verbosity(config.VERBOSITY_TEST_CASES) > 0
    if item.comes_first or tells_all:
        hook.pytest_runtest_logstart(**about)
    report = _report(item, hook)
    hook.pytest_runtest_logreport(report=report)
    # They have been sent or written, and pytest keeps every report to the end of the run.
    report.__dict__.pop("lines", None)
    if tells_all:
        hook.pytest_runtest_logfinish(**about)
    return True


def _report(item: pytest.Item, hook: Any) -> pytest.TestReport:
    """Set a cell up and call it; return the report of the last that was done."""
    stops = (KeyboardInterrupt, pytest.exit.Exception)
    call = pytest.CallInfo.from_call(item.setup, when="setup", reraise=stops)
    if not call.excinfo:
        call = pytest.CallInfo.from_call(item.runtest, when="call", reraise=stops)
    report: pytest.TestReport = hook.pytest_runtest_makereport(item=item, call=call)
    if call.excinfo and not report.skipped:
        hook.pytest_exception_interact(node=item, call=call, report=report)
    return report


def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Tell what a release cannot have from what is skipped, and name a hang or a crash."""
    if is_worker(config) and hasattr(report, "cell"):
        return "", "", ""  # nobody reads the terminal of a worker
    verdict = verdict_of(report)
    if verdict == "not applicable":
        return "not applicable", "-", "NOT APPLICABLE"
    if verdict in BAD_ENDINGS:
        return "failed", BAD_ENDINGS[verdict], verdict.upper()
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the report of a cell say what it is about, and hold its lines of results."""
    report = yield
    if isinstance(item, (Cell, Mistake)):
        report.cell = dict(item.told)  # type: ignore[attr-defined]
        verdict = verdict_of(report)
        if item.config.getoption("--results") and verdict:
            text = report.longreprtext if report.failed else ""
            report.lines = item.lines(verdict, text)  # type: ignore[attr-defined]
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport, sched: Any) -> None:
    """Count the cell of a worker that was killed among the faults that are none of Codex."""
    codexes = sched.config.stash[CODEXES]
    path, _, cell = crashitem.partition("::")
    probe, _, told = cell.removesuffix("]").partition("[")
    if scope_of(crashitem) == crashitem:
        return
    variant, _, release = told.rpartition("@") if len(codexes) > 1 else (told, "", "")
    name = Path(path).stem
    lost = CellResult(
        scenario=f"{name}[{variant}]" if variant else name,
        module=path,
        probe=probe,
        release=release or codexes[0].version,
        verdict="error",
        text=str(report.longrepr),
    )
    report.when = "setup"
    report.cell = {  # type: ignore[attr-defined]
        member: getattr(lost, member) for member in ("scenario", "module", "probe", "release")
    }
    report.lines = {"scenario": "", "stages": (), "cell": line_of(lost), "verdict": "error"}  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what guards this run less well than it could be."""
    if terminalreporter.config.stash.get(RUNNER, None) and why_shared():
        terminalreporter.write_line(
            "only the proxy keeps Codex on this machine, and sees who tries to leave it: "
            f"there is no network for each Codex ({why_shared()})",
            yellow=True,
        )


class ResultsPlugin:
    """Writes the results of the run, where ``--results`` says so."""

    def __init__(self, writer: ResultsWriter, shards: ShardPlugin) -> None:
        """Write with ``writer`` what is planned by ``shards``, and what comes of it."""
        self._writer, self._shards = writer, shards
        self._is_planned = False

    def pytest_collection_finish(self) -> None:
        """Write the plan that this process has made."""
        self._write_plan()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        """Write the plan that the first worker has made, as all others do."""
        self._write_plan()

    def _write_plan(self) -> None:
        plan = None if self._is_planned else self._shards.plan()
        if plan:
            self._is_planned = True
            self._writer.plan(plan)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the lines of a cell, once, and keep none of them for the rest of the run."""
        lines = report.__dict__.pop("lines", None)
        if lines:
            self._writer.add(**lines)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the footer."""
        self._writer.end(int(session.exitstatus))

    def pytest_unconfigure(self) -> None:
        """Close the file, whatever has happened."""
        self._writer.close()
