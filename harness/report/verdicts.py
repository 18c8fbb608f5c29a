"""What came of each cell: a verdict about Codex, or a fault that is none."""

from __future__ import annotations

import os
from typing import Any, Final, cast

import pytest

from harness.results import Verdict

FAULT: Final = os.EX_SOFTWARE
"""The exit code, 70, of a run in which something could not be tried through a fault of ours."""


def verdict_of(report: Any) -> Verdict | None:
    """Return what came of the cell that a report is about; ``None``: nothing yet, or it is of none.

    ``report``: a report of pytest, with what the plugin adds.
    """
    told = getattr(report, "cell", None)
    if told is None or not (report.when == "call" or report.failed or report.skipped):
        return None
    if "not_applicable" in told:
        return "not applicable"
    if report.when != "call":
        return "error"
    return cast("Verdict", told.get("verdict", report.outcome))


class FaultsPlugin:
    """Tells by the exit code of a run that it met a fault of the harness, or of a module."""

    def __init__(self) -> None:
        """Know of none yet."""
        self._faults = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count it."""
        self._faults += verdict_of(report) == "error"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Whatever else failed, this comes first: such a run says less than it seems to."""
        if self._faults and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = FAULT
