"""What the run of the mutants says at its end, where ``nox -s mutants`` asks for it."""

from __future__ import annotations

import pytest
from running import KILLED_BY


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--kills``."""
    parser.addoption("--kills", action="store_true", help="say which probe killed which mutant")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say who killed whom, and the score."""
    if not terminalreporter.config.getoption("--kills"):
        return
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if KILLED_BY in dict(report.user_properties)
    ]
    terminalreporter.section("mutants")
    for report in sorted(reports, key=lambda report: str(report.nodeid)):
        name = report.nodeid.partition("[")[2].removesuffix("]")
        killers = dict(report.user_properties)[KILLED_BY]
        told = ", ".join(killers) if killers else "SURVIVED"
        terminalreporter.write_line(f"{name:<40} {told}", red=not killers)
    killed = sum(bool(dict(report.user_properties)[KILLED_BY]) for report in reports)
    terminalreporter.write_line(f"{killed} of {len(reports)} mutants are killed")
