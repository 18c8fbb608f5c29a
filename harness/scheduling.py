"""How xdist hands out cells: those of a scenario go to one worker, in collection order."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import IO, Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from harness.seen.records import PROBES

AHEAD: Final = 2
"""How many scenarios a worker knows of behind the one that it judges."""


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def keep_to_a_core(worker: int, workers: int) -> None:
    """Keep this process, and all that it starts, to one core, where every core gets a worker.

    The threads of a Codex then do not fight for its allocator across cores: a tenth less processor
    time for the same work in 0.163.0. Linux alone can do it.

    Args:
        worker: the number of this worker, from 0.
        workers: how many there are.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    if workers >= len(cores):
        os.sched_setaffinity(0, [cores[worker % len(cores)]])


def scope_of(nodeid: str) -> str:
    """Return what all cells of a scenario have in common; other tests stand for themselves."""
    path, _, cell = nodeid.partition("::")
    probe, _, variant = cell.partition("[")
    is_cell = probe in PROBES and "scenarios" in path.split("/")[:-1]
    return f"{path}::[{variant}" if is_cell else nodeid


def shuffled(nodeids: Iterable[str], seed: int) -> Mapping[str, int]:
    """Return the place of each scope in an order that ``seed`` decides."""
    scopes = sorted(set(map(scope_of, nodeids)))
    random.Random(seed).shuffle(scopes)  # noqa: S311 - it keeps no secret
    return {scope: place for place, scope in enumerate(scopes)}


class Waiting:
    """The scenarios that mostly wait, and which worker begins each of them before all others.

    A worker begins its share at the start of the run and judges it at the end, so that the waiting
    lengthens the run by nothing. The workers, which know the scenarios, tell it the controller.

    Args:
        path: the file that they tell it in.
    """

    def __init__(self, path: Path) -> None:
        """Know nothing yet."""
        self._path = path

    def tell(self, nodeids: Iterable[str]) -> None:
        """Write down which cells belong to scenarios that wait; every worker writes the same."""
        scopes = list(dict.fromkeys(map(scope_of, nodeids)))
        scratch = self._path.with_name(f"{self._path.name}-{os.getpid()}")
        scratch.write_text(json.dumps(scopes))
        scratch.replace(self._path)

    def owners(self, workers: int) -> Mapping[str, str]:
        """Return the worker, ``"gw0"`` and so on, of each scope that waits."""
        scopes = json.loads(self._path.read_text()) if self._path.exists() else []
        return {scope: f"gw{index % workers}" for index, scope in enumerate(scopes)}


class Assignments:
    """Tells each worker which scenarios are coming to it, so that it can begin them.

    A worker judges one cell after the other; it observes ahead of that, or every scenario would
    leave the processor idle while the last of its processes ends.

    Args:
        directory: the directory of the run, which takes a pipe for each worker.
    """

    def __init__(self, directory: Path) -> None:
        """Make no pipe yet."""
        self._directory = directory

    def listen(self, worker: str) -> IO[str]:
        """Return what yields a line for each scope that ``worker`` gets, as it gets it."""
        path = self._path(worker)
        os.mkfifo(path)
        # Its own writing end keeps it from ever being at its end.
        return os.fdopen(os.open(path, os.O_RDWR), encoding="utf-8")

    def tell(self, worker: str, scope: str) -> None:
        """Tell ``worker`` of a scope; one that listens no longer is not waited for."""
        with suppress(OSError):
            end = os.open(self._path(worker), os.O_WRONLY | os.O_NONBLOCK)
            with os.fdopen(end, "w", encoding="utf-8") as pipe:
                print(scope, file=pipe)

    def _path(self, worker: str) -> Path:
        return self._directory / f"assigned-{worker}"


class _Cells(list[str]):
    """The cells that a worker has collected, each of which is found without a search."""

    def __init__(self, nodeids: Iterable[str]) -> None:
        """Take note of where each is."""
        super().__init__(nodeids)
        self._places = {nodeid: place for place, nodeid in enumerate(self)}

    def index(self, nodeid: str, *_: Any) -> int:
        """Return where one is."""
        return self._places[nodeid]


class ScenarioScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Like ``--dist loadscope``, with a scenario as the scope; other tests go singly."""

    def __init__(
        self, config: pytest.Config, log: Any, waiting: Waiting, assignments: Assignments
    ) -> None:
        """Prepare to hand out what is ``waiting`` last, each to the worker that has begun it."""
        super().__init__(config, log)
        self._waiting = waiting
        self._assignments = assignments

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        """Keep what a worker has collected, of which the base class (xdist 3.8.0) asks each place.

        A run on many releases has a hundred thousand cells.
        """
        super().add_node_collection(node, collection)
        if node in self.registered_collections:
            self.registered_collections[node] = _Cells(collection)

    def _assign_work_unit(self, node: WorkerController) -> None:
        scope = self._next_scope(node)
        if scope is None:
            node.shutdown()
            return
        self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)
        self._assignments.tell(node.gateway.id, scope)

    def _reschedule(self, node: WorkerController) -> None:
        """Give ``node`` another scenario when fewer than ``AHEAD`` wait behind the one it judges.

        The base class (xdist 3.8.0) waits until two tests are left.
        """
        # A worker takes them in order: those that are done come first, and they are many.
        units = reversed(self.assigned_work[node].values())
        left = takewhile(lambda unit: not all(unit.values()), units)
        if self.workqueue and len([*islice(left, AHEAD + 1)]) > AHEAD:
            return
        if node.shutting_down:
            return
        if self.workqueue:
            self._assign_work_unit(node)
        else:
            node.shutdown()

    def _next_scope(self, node: WorkerController) -> str | None:
        owners = self._waiting.owners(self.numnodes)
        there = {other.gateway.id for other in self.nodes if not other.shutting_down}
        free = (scope for scope in self.workqueue if owners.get(scope) not in there)
        mine = {node.gateway.id} & there
        own = (scope for scope in self.workqueue if owners.get(scope) in mine)
        return next(chain(free, own), None)

    def remove_node(self, node: WorkerController) -> str | None:
        """Take the work of a dead worker back, without the cell at which it died.

        The base class (xdist 3.8.0) hands that cell out again, to kill the next worker, and units
        that are done, for which the run then waits for ever.
        """
        units = self.assigned_work.pop(node)
        pending = [nodeid for unit in units.values() for nodeid, done in unit.items() if not done]
        crashed = next(iter(pending), None)
        for scope, unit in units.items():
            left = {nodeid: False for nodeid in unit if nodeid in pending and nodeid != crashed}
            if left:
                self.workqueue[scope] = left
        for other in self.nodes:
            self._reschedule(other)
        return crashed
