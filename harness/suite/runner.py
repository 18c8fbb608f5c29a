"""The runner: observes stages on threads, ahead of the cells that ask for what was seen."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import frozen

from harness.codex.binary import Codex
from harness.declare.modules import Declared
from harness.suite.preparations import Preparations
from harness.suite.sharing import Sharing
from harness.suite.stages import Observation, Stage, observe

STAGES_AT_ONCE: Final = 2
"""How many stages of its scenario a process runs side by side: most of a short one is waiting."""

WAITING_AT_ONCE: Final = 16
"""How many stages of scenarios that mostly wait a process runs beside all else."""

Key = tuple[Path, str, Path]
"""What tells a scenario on one Codex from another, in all of a run."""


@frozen
class Task:
    """A stage of a scenario, to be observed on a Codex."""

    declared: Declared
    stage: Stage
    codex: Codex

    @property
    def key(self) -> Key:
        """What all stages of the scenario on this Codex have in common."""
        return (*self.declared.key, self.codex.path)


class Runner:
    """Observes what a process is asked for, or will be, and all of a scenario at once.

    Args:
        directory: the directory of the run.
        shares: whether a stage is run once for all scenarios that it cannot tell apart.
    """

    def __init__(self, directory: Path, *, shares: bool = True) -> None:
        """Plan nothing yet."""
        self.directory = directory
        self._sharing = Sharing() if shares else None
        self._preparations = Preparations(directory)
        self._pool = ThreadPoolExecutor(STAGES_AT_ONCE)
        self._waiting = ThreadPoolExecutor(WAITING_AT_ONCE)
        self._plan: dict[Key, dict[str, Task]] = {}
        self._stages: dict[Key, dict[str, Future[Observation]]] = {}
        self._asked: set[tuple[Key, str]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def prepare(self, codex: Codex) -> None:
        """Begin with what is made once for ``codex``."""
        threading.Thread(target=self._try_to_prepare, args=[codex], daemon=True).start()

    def plan(self, tasks: Iterable[Task]) -> None:
        """Take note of all that will be asked for."""
        for task in tasks:
            self._plan.setdefault(task.key, {})[task.stage.name] = task

    def begin(self, tasks: Iterable[Task]) -> None:
        """Begin scenarios that mostly wait, beside all that follows."""
        for key in dict.fromkeys(task.key for task in tasks):
            self._begin(key, self._waiting)

    def expect(self, tasks: Iterable[Task]) -> None:
        """Begin scenarios that will be asked for soon, behind those that were begun before."""
        for key in dict.fromkeys(task.key for task in tasks):
            self._begin(key, self._pool)

    def observation(self, task: Task) -> tuple[Observation, bool]:
        """Return what was seen, and whether this is the first to ask for it.

        With the first stage of a scenario, all others of it that are planned are begun.
        """
        self._begin(task.key, self._pool)
        asked = (task.key, task.stage.name)
        first = asked not in self._asked
        self._asked.add(asked)
        return self._stages[task.key][task.stage.name].result(), first

    def is_observed(self, task: Task) -> bool:
        """Return whether a stage need not be waited for."""
        begun = self._stages.get(task.key, {}).get(task.stage.name)
        return begun is not None and begun.done()

    def close(self) -> None:
        """Begin no other stage."""
        with self._lock:
            self._closed = True
        for pool in (self._pool, self._waiting):
            pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, key: Key, pool: ThreadPoolExecutor) -> None:
        """Begin a scenario, unless that has been done."""
        with self._lock:
            if key in self._stages or self._closed:
                return
            self._stages[key] = {
                name: pool.submit(self._observe, task) for name, task in self._plan[key].items()
            }

    def _observe(self, task: Task) -> Observation:
        shared = (
            self._sharing.find(task.declared, task.stage, task.codex) if self._sharing else None
        )
        if shared:
            return shared
        observation = observe(
            task.stage,
            task.declared.scenario,
            task.codex,
            self._preparations.of(task.codex),
            root=self.directory,
        )
        if self._sharing:
            self._sharing.keep(task.declared, task.stage, task.codex, observation)
        return observation

    def _try_to_prepare(self, codex: Codex) -> None:
        with suppress(Exception):  # told to whoever asks for a stage
            self._preparations.of(codex)
