"""What a worker tells of the cells of a scenario travels to the controller as one message.

xdist (3.8.0) sends each of them several, which execnet (2.1.2) writes out member by member, and
which wake the controller one by one. That costs more than to judge a cell.
"""

from __future__ import annotations

import marshal
import threading
from collections.abc import Generator
from typing import Any, Final

import pytest

from harness.plugin.cells import Cell
from harness.suite.runner import Runner

BUNDLE: Final = "bundle"
"""The name of an event that holds others."""

LAST: Final = "runtest_protocol_complete"
"""The name of the last event of a cell."""

KEPT: Final = ("testreport", "logfinish", LAST)
"""Those that can wait for the next cell."""


class Bundles:
    """Takes the place of the channel that a worker sends its events through.

    An event of a cell is kept while the next cell is of the same scenario and need not wait for
    anything, which is a matter of milliseconds. Of a worker that dies meanwhile, these cells are
    run again, and the first of them is taken for the one at which it died.

    Args:
        interactor: what xdist has in a worker to talk with the controller.
        runner: knows what is observed already.
    """

    def __init__(self, interactor: Any, runner: Runner) -> None:
        """Keep nothing yet."""
        self._interactor, self._runner = interactor, runner
        self._channel = interactor.channel
        self._kept: list[Any] = []
        self._lock = threading.Lock()
        self._is_cell = self._goes_on = False

    def __getattr__(self, name: str) -> Any:
        """Return what else a channel has."""
        return getattr(self._channel, name)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Take note of what is run, and of what comes next."""
        self._is_cell, self._goes_on = isinstance(item, Cell), False
        result = yield
        self._goes_on = self._is_at_hand(item, nextitem)
        return result

    def _is_at_hand(self, item: pytest.Item, following: pytest.Item | None) -> bool:
        """Return whether the cell that follows is of the same scenario and waits for nothing."""
        if not (isinstance(item, Cell) and isinstance(following, Cell)):
            return False
        if item.task.key != following.task.key:
            return False
        # To come to it, the worker waits for the one behind it to be handed out.
        with self._interactor.torun.lock() as behind:
            is_next = bool(behind)
        return is_next and (
            not following.is_applicable or all(map(self._runner.is_observed, following.tasks))
        )

    def send(self, event: tuple[str, Any]) -> None:
        """Send an event after all that was kept, or keep it, too."""
        name = event[0]
        with self._lock:
            self._kept.append(event)
            if self._is_cell and name in KEPT and (name != LAST or self._goes_on):
                return
            kept, self._kept = self._kept, []
            self._channel.send(event if len(kept) == 1 else (BUNDLE, marshal.dumps(kept)))


def send_bundles(config: pytest.Config, runner: Runner) -> None:
    """Let this worker send as few messages as it can."""
    plugins = config.pluginmanager.get_plugins()
    interactor: Any = next(one for one in plugins if hasattr(one, "sendevent"))
    interactor.channel = bundles = Bundles(interactor, runner)
    config.pluginmanager.register(bundles)


def take_bundles(node: Any) -> None:
    """Let the controller take what the worker ``node`` sends."""
    take = node.process_from_remote

    def take_each(event: Any) -> None:
        events = [event]
        if isinstance(event, tuple) and event[0] == BUNDLE:
            events = marshal.loads(event[1])  # noqa: S302 - a worker of this run has written it
        for one in events:
            take(one)

    node.process_from_remote = take_each
