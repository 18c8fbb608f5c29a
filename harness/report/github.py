"""GitHub Actions: an annotation on the line of each red scenario, and a summary of the job."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from packaging.version import Version

from harness.report.judged import Judged
from harness.report.markdown import code, table

SHOWN: Final = 100
"""So many red cells are listed; GitHub takes a megabyte for a step."""


class GitHubPlugin:
    """Tells GitHub Actions what came of the run, where it runs there.

    Args:
        environment: the environment, in which GitHub says where it wants what.
        root: what the modules of scenarios are relative to.
    """

    def __init__(self, environment: Mapping[str, str], root: Path) -> None:
        """Know of no cell yet."""
        self._annotates = environment.get("GITHUB_ACTIONS") == "true"
        self._summary = environment.get("GITHUB_STEP_SUMMARY")
        workspace = Path(environment.get("GITHUB_WORKSPACE") or root)
        self._prefix = root.relative_to(workspace) if root.is_relative_to(workspace) else Path()
        self._cells = 0
        self._scenarios: set[tuple[str, str]] = set()
        self._red: list[Judged] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of a cell."""
        judged = Judged.of(report)
        if judged:
            self._cells += 1
            self._scenarios.add((judged.scenario, judged.release))
            self._red += [judged] if judged.is_red else []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        """Print the annotations, and write the summary of the job."""
        yield
        if self._annotates:
            for line in self._annotations():
                terminalreporter.write_line(line)
        if self._summary and self._cells:
            with Path(self._summary).open("a", encoding="utf-8") as file:
                file.write("\n\n".join(self._blocks()) + "\n")

    def _annotations(self) -> Iterator[str]:
        """Yield an annotation for each scenario, of which GitHub shows ten a step."""
        by_scenario: dict[tuple[str, str], list[Judged]] = {}
        for judged in self._red:
            by_scenario.setdefault((judged.scenario, judged.release), []).append(judged)
        for (scenario, release), several in by_scenario.items():
            first = several[0]
            title = f"{scenario} on Codex {release}" if release else scenario
            text = "\n".join(f"{one.probe}: {one.in_short}" for one in several)
            where = f"file={_value(str(self._prefix / first.module))},line={first.line}"
            yield f"::error {where},title={_value(title)}::{_message(text)}"

    def _blocks(self) -> Iterator[str]:
        red = {(judged.scenario, judged.release) for judged in self._red}
        releases = ", ".join(
            sorted({release for _, release in self._scenarios} - {""}, key=Version)
        )
        yield f"### Codex auth scenarios on {releases or 'no Codex'}"
        yield (
            f"{len(self._scenarios - red)} of {len(self._scenarios)} scenarios are as expected, "
            f"{self._cells - len(self._red)} of {self._cells} cells."
        )
        if self._red:
            yield table(("scenario", "probe", "release", "what"), _rows(self._red[:SHOWN]))
            if len(self._red) > SHOWN:
                yield f"and {len(self._red) - SHOWN} more"
            yield f"One of them again: {code(self._red[0].again)}"


def _rows(red: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    for one in red:
        yield code(one.scenario), one.probe, one.release, code(one.in_short)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def github_plugin(root: Path) -> GitHubPlugin | None:
    """Return the plugin, if GitHub wants to be told anything."""
    wanted = {"GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"}
    return None if wanted.isdisjoint(os.environ) else GitHubPlugin(os.environ, root)
