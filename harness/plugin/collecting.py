"""A module of ``scenarios/`` becomes a file of cells, one a probe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from harness.codex.binary import Codex
from harness.declare.modules import Declared, ModuleError, load_module, module_paths
from harness.plugin.cells import Cell, Mistake
from harness.plugin.stash import CODEXES
from harness.suite.runner import Task
from harness.suite.stages import stages_of

DIRECTORY: Final = "scenarios"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the modules of a directory named ``scenarios``, and of the folders in it."""
    directory = _scenarios_around(file_path.parent, parent.config.rootpath)
    if directory and file_path in _modules(directory):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Keep pytest from importing a scenario module that is named as a file for tests of its own.

    A mistake in the module would be told twice, and the second time as a traceback.
    """
    directory = _scenarios_around(module_path.parent, parent.config.rootpath)
    if directory and module_path in _modules(directory):
        return NoTests.from_parent(parent, path=module_path)
    return None


@cache
def _scenarios_around(folder: Path, root: Path) -> Path | None:
    """Return the directory ``scenarios`` below ``root`` that ``folder`` is or lies in, if any."""
    around = [folder, *(one for one in folder.parents if one.is_relative_to(root))]
    return next((one for one in around if one.name == DIRECTORY), None)


@cache
def _modules(directory: Path) -> Mapping[Path, Path]:
    """Return the modules of ``directory``, each with the first of its name."""
    paths = module_paths(directory)
    first = {path.stem: path for path in reversed(paths)}
    return {path: first[path.stem] for path in paths}


class NoTests(pytest.File):
    """A scenario module as pytest itself sees it."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield nothing."""
        return iter(())


class ScenarioFile(pytest.File):
    """A module of ``scenarios/``."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a cell for every probe of every scenario; for a mistake, an item that says so."""
        try:
            self._refuse_taken_name()
            declarations = load_module(self.path)
        except ModuleError as error:
            yield Mistake.from_parent(self, name="module", error=error)
            return
        for declared in declarations:
            for codex in self.config.stash[CODEXES]:
                yield from self._cells(declared, codex)

    def _refuse_taken_name(self) -> None:
        directory = _scenarios_around(self.path.parent, self.config.rootpath)
        assert directory
        first = _modules(directory)[self.path]
        if first != self.path:
            text = f"duplicate id: {first.relative_to(directory)} has this name; rename one"
            raise ModuleError(self.path, 1, text)

    def _cells(self, declared: Declared, codex: Codex) -> Iterator[pytest.Item]:
        """Yield the cells of a scenario on a Codex, whose release they name beside others."""
        several = len(self.config.stash[CODEXES]) > 1
        told = "@".join(filter(None, (declared.variant, codex.version if several else "")))
        every = [Task(declared, stage, codex) for stage in stages_of(declared.scenario)]
        for probe in dict.fromkeys(probe for task in every for probe in task.stage.probes):
            tasks = [task for task in every if probe in task.stage.probes]
            name = f"{probe}[{told}]" if told else probe
            yield Cell.from_parent(self, name=name, tasks=tasks, probe=probe)
