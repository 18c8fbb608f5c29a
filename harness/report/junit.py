"""What pytest's own JUnit XML says of a cell: its scenario, its probe, its release."""

from __future__ import annotations

import pytest
from _pytest.junitxml import LogXML

from harness.report.judged import Judged


class JUnitPlugin:
    """Names the cells in the file of ``--junit-xml`` as people do, and not by their modules.

    Args:
        several: whether there are several releases, which the names then have to tell apart.
    """

    def __init__(self, *, several: bool) -> None:
        """Name nothing yet."""
        self._several = several
        self._log: LogXML | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Find what writes the file, if pytest was told to write one."""
        plugins = session.config.pluginmanager.get_plugins()
        self._log = next((one for one in plugins if isinstance(one, LogXML)), None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name a cell before it is written down."""
        judged = Judged.of(report) if self._log else None
        if judged is None or self._log is None:
            return
        case = self._log.node_reporter(report)
        on = f" on {judged.release}" if self._several and judged.release else ""
        case.add_attribute("classname", judged.scenario)
        case.add_attribute("name", f"{judged.probe}{on}")
        case.duration += judged.seconds
        for name in ("release", "module", "line", "verdict"):
            case.add_property(name, getattr(judged, name))
