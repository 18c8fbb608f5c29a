"""The terminal during a run and at its end: progress, the matrix, where to look further.

On a terminal a few lines say how far the run is, and are drawn over again; in a log, every tenth of
it says so once. With ``-v``, pytest's own line for each cell takes their place.
"""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from harness.report.judged import Judged
from harness.report.progress import Progress
from harness.report.signs import signs_of

TENTH: Final = 10
APART: Final = 5.0
"""Seconds between two lines in a log, at the least."""

INTERVAL: Final = 0.2
"""Seconds after which the lines on a terminal are drawn again, if they have changed."""


class TerminalPlugin:
    """Tells a person how the run goes and what came of it.

    Args:
        several: whether it is on several releases.
        results: where its results are written, or ``None``.
    """

    def __init__(self, *, several: bool, results: Path | None) -> None:
        """Show nothing yet."""
        self._progress = Progress(several=several)
        self._results = results
        self._shown: Live | Log | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Choose how progress is shown here, if it is."""
        config = session.config
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if not reporter or config.option.collectonly or config.option.verbose not in (0, -1):
            return
        reporter.showfspath = False
        # Nor are letters counted: those of cells are left out.
        reporter._show_progress_info = False  # noqa: SLF001 - read from a setting, and only once
        live = reporter.isatty() and os.environ.get("TERM") != "dumb" and not config.option.usepdb
        self._shown = (Live if live else Log)(self._progress, reporter)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Learn what is going to be run, from the first worker that knows."""
        self._expect(ids)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn it where there are no workers."""
        if session.items:
            self._expect([item.nodeid for item in session.items])

    def _expect(self, nodeids: Sequence[str]) -> None:
        self._progress.expect(nodeids)
        if self._shown:
            self._shown.begin()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A worker has come to a cell."""
        self._progress.begin(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A cell has been judged; after its last report nothing comes of a worker that died."""
        self._progress.failed += report.failed
        if report.failed or report.when == "call" or hasattr(report, "cell"):
            self._end(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A cell is over."""
        self._end(nodeid)

    def _end(self, nodeid: str) -> None:
        self._progress.end(nodeid)
        if self._shown:
            self._shown.go_on()

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """Leave out the letter of a cell where progress is shown otherwise."""
        status = yield
        return (status[0], "", status[2]) if self._shown and hasattr(report, "cell") else status

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Show no more progress."""
        self._stop()

    def pytest_unconfigure(self) -> None:
        """Nor after a run that ended in another way."""
        self._stop()

    def _stop(self) -> None:
        if self._shown:
            self._shown.end()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        """Print the matrix before pytest's line for each failure, and after them what to do."""
        yield
        reports = [
            *terminalreporter.stats.get("failed", ()),
            *terminalreporter.stats.get("error", ()),
        ]
        red = next(filter(None, map(Judged.of, reports)), None)
        if red:
            if self._results:
                path = os.path.relpath(self._results)
                terminalreporter.write_line(
                    f"The evidence of all: {path}; as a page: nox -s report"
                )
            terminalreporter.write_line(f"One of them again:   {red.again}")
            words = terminalreporter.config.getoption("--codex") or ()
            codexes = "".join(f"--codex {shlex.quote(word)} " for word in words)
            terminalreporter.write_line(f"All of them again:   nox -s scenarios -- {codexes}--lf")


class Live:
    """Progress on a terminal: lines that are drawn over again.

    Args:
        progress: what to show.
        reporter: where.
    """

    def __init__(self, progress: Progress, reporter: pytest.TerminalReporter) -> None:
        """Draw nothing yet."""
        self._progress, self._reporter = progress, reporter
        self._lines: Sequence[str] = ()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw_on, daemon=True)

    def begin(self) -> None:
        """Draw from now on."""
        if not self._thread.is_alive() and not self._over.is_set():
            self._reporter.ensure_newline()
            self._thread.start()

    def go_on(self) -> None:
        """Do nothing: the next drawing is not far."""

    def end(self) -> None:
        """Draw no more, and take away what was drawn."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._draw([])

    def _draw_on(self) -> None:
        while not self._over.wait(INTERVAL):
            writer = self._reporter.config.get_terminal_writer()
            self._draw(self._progress.lines(signs_of(self._reporter), writer.fullwidth - 1))

    def _draw(self, lines: Sequence[str]) -> None:
        if lines == self._lines:
            return
        up = f"\x1b[{len(self._lines)}A" if self._lines else ""
        text = "".join(f"{line}\n" for line in lines)
        writer = self._reporter.config.get_terminal_writer()
        colour = {"red" if self._progress.failed else "green": True}
        # At once: another thread may have something to say.
        self._reporter.write_raw(f"{up}\r\x1b[J{writer.markup(text, **colour)}", flush=True)
        self._lines = lines


class Log:
    """Progress in a log: a line for every tenth.

    Args:
        progress: what to show.
        reporter: where.
    """

    def __init__(self, progress: Progress, reporter: pytest.TerminalReporter) -> None:
        """Say nothing yet."""
        self._progress, self._reporter = progress, reporter
        self._tenth = 0
        self._said = float("-inf")

    def begin(self) -> None:
        """Do nothing: there is no progress."""

    def go_on(self) -> None:
        """Say how far it is, if that is worth a line."""
        share = self._progress.done / self._progress.total if self._progress.total else 0
        tenth = int(share * TENTH)
        now = self._progress.clock()
        if tenth > self._tenth and (now - self._said >= APART or tenth == TENTH):
            self._tenth, self._said = tenth, now
            self._reporter.write_line(f"[{share:4.0%}] {self._progress.line()}")
            self._reporter.flush()

    def end(self) -> None:
        """Do nothing: all has been said."""
