"""All that tells of a run, to people and to other programs. Workers know nothing of it."""

from __future__ import annotations

import pytest

from harness.report.ctrf import CtrfPlugin
from harness.report.github import github_plugin
from harness.report.junit import JUnitPlugin
from harness.report.table import write_table
from harness.report.terminal import TerminalPlugin


class MatrixPlugin:
    """Prints the matrix, below what other plugins have to say."""

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print it."""
        write_table(terminalreporter)


def register(config: pytest.Config, *, several: bool) -> None:
    """Register the plugins that the command line and the environment ask for.

    ``several``: whether there are several releases.
    """
    ctrf = config.getoption("--ctrf")
    plugins = (
        MatrixPlugin(),
        TerminalPlugin(several=several, results=config.getoption("--results")),
        JUnitPlugin(several=several),
        CtrfPlugin(ctrf) if ctrf and not config.option.collectonly else None,
        github_plugin(config.rootpath),
    )
    for plugin in filter(None, plugins):
        config.pluginmanager.register(plugin)
