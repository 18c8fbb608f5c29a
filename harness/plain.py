"""A pytest plugin for the plain way: each cell has an empty home, and processes of its own.

``pytest -p harness.plain``. It is here to be measured against, and finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest

from harness.codex.binary import Codex
from harness.plugin.stash import RUNNER
from harness.suite.preparations import Preparations
from harness.suite.runner import Runner, Task
from harness.suite.stages import Observation, observe


class PlainRunner(Runner):
    """Observes nothing ahead, and nothing for two cells."""

    def __init__(self, directory: Path) -> None:
        """Plan nothing."""
        super().__init__(directory, shares=False)
        self._protocols = Preparations(directory)

    def prepare(self, codex: Codex) -> None:
        """Make nothing ahead."""

    def plan(self, tasks: Iterable[Task]) -> None:
        """Take no note."""

    def begin(self, tasks: Iterable[Task]) -> None:
        """Begin nothing."""

    def expect(self, tasks: Iterable[Task]) -> None:
        """Begin nothing."""

    def observation(self, task: Task) -> tuple[Observation, bool]:
        """Run the stage in an empty home, for this cell alone."""
        prepared = attrs.evolve(self._protocols.of(task.codex), template=None)
        scenario = task.declared.scenario
        return observe(task.stage, scenario, task.codex, prepared, root=self.directory), True


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put it in the place of the runner."""
    runner = config.stash[RUNNER]
    runner.close()
    config.stash[RUNNER] = PlainRunner(runner.directory)
