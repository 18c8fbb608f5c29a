"""In which order cells come, and what is begun ahead of them."""

from __future__ import annotations

import gc
import threading
from collections.abc import Generator
from typing import Final

import pytest

from harness.plugin.cells import Cell
from harness.plugin.stash import RUNNER
from harness.plugin.workers import WAITING, directory_of
from harness.scheduling import Assignments, Waiting, scope_of, shuffled
from harness.suite.runner import Task

GARBAGE: Final = 50_000
"""How many new objects there may be before a worker looks for garbage: it makes little of that."""

LONG: Final = 1.0
"""Seconds from which on a scenario counts as one that mostly waits."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage meanwhile: all that is collected stays, and there is much of it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Go release by release; scenarios that mostly wait come last: they are begun before."""
    seed = config.getoption("--order")
    if seed is not None:
        scopes = shuffled((item.nodeid for item in items), seed)
        items.sort(key=lambda item: scopes[scope_of(item.nodeid)])
    releases = list(dict.fromkeys(item.task.codex for item in items if isinstance(item, Cell)))
    order = {codex: index for index, codex in enumerate(releases)}
    items.sort(
        key=lambda item: (
            _seconds_of_waiting(item),
            order[item.task.codex] if isinstance(item, Cell) else 0,
        )
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the scenarios that mostly wait, or the share of them that falls to this worker."""
    config = session.config
    runner = config.stash.get(RUNNER, None)
    if runner is None:
        return
    # All that was collected stays to the end; looking through it for garbage is waste.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    cells = [item for item in session.items if isinstance(item, Cell) and item.is_applicable]
    runner.plan(task for cell in cells for task in cell.tasks)
    cells = [cell for cell in cells if _seconds_of_waiting(cell)]
    workerinput = getattr(config, "workerinput", {})
    if workerinput and workerinput["codex_auth_scenarios"]["shares"]:
        waiting = Waiting(directory_of(config) / WAITING)
        waiting.tell(cell.nodeid for cell in cells)
        owners = waiting.owners(workerinput["workercount"])
        cells = [cell for cell in cells if owners[scope_of(cell.nodeid)] == workerinput["workerid"]]
    runner.begin(task for cell in cells for task in cell.tasks)
    if workerinput:
        _observe_ahead(session)


def _observe_ahead(session: pytest.Session) -> None:
    """Begin every scenario of this worker as soon as it is known to come."""
    config = session.config
    runner = config.stash[RUNNER]
    tasks: dict[str, list[Task]] = {}
    for cell in session.items:
        if isinstance(cell, Cell) and cell.is_applicable and not _seconds_of_waiting(cell):
            tasks.setdefault(scope_of(cell.nodeid), []).extend(cell.tasks)
    coming = Assignments(directory_of(config)).listen(config.workerinput["workerid"])  # type: ignore[attr-defined]

    def observe() -> None:
        for line in coming:
            runner.expect(tasks.get(line.rstrip("\n"), ()))

    threading.Thread(target=observe, daemon=True).start()


def _seconds_of_waiting(item: pytest.Item) -> float:
    """Return how long the scenario of a cell waits, if that is the most of it; else 0."""
    waits = item.task.declared.scenario.waits if isinstance(item, Cell) else 0
    return waits if waits >= LONG else 0
