"""A pytest plugin that tells where the harness's own processor time goes: ``-p harness.spent``.

Each process of a run writes a file into the directory that ``--spent`` names; ``bench`` adds up.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final

import pytest
from xdist import is_xdist_controller

from harness.codex.app_server import AppServer
from harness.loop import seconds_on_loop
from harness.suite.runner import Runner

STARTING: Final = "starting, imports and collection"
CELLS: Final = "cells: pytest, expectations, verdicts"
CONTROLLER: Final = "the controller: terminal, results"
REST: Final = "all that is left"

STAGES: Final = "stages: homes, networks, asking Codex, looking"
READING: Final = "what app-servers say"
BACKEND: Final = "the fake OpenAI"

BESIDE: Final[tuple[tuple[type, str, str], ...]] = (
    (Runner, "_observe", STAGES),
    (AppServer, "_read", READING),
)
"""What is done beside the cells, and what that is for."""

PARTS: Final = (STAGES, BACKEND, READING, CELLS, STARTING, CONTROLLER, REST)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add where to write."""
    parser.addoption("--spent", metavar="DIRECTORY", type=Path, help="write processor times there")


def pytest_configure(config: pytest.Config) -> None:
    """Measure from here on; what has been spent so far was spent on starting."""
    if directory := config.getoption("--spent"):
        config.pluginmanager.register(Spending(directory))


class Spending:
    """What one process spends, in seconds of its processor time.

    Args:
        directory: where it is written in the end.
    """

    def __init__(self, directory: Path) -> None:
        """Measure what happens on threads."""
        self._directory = directory
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        for owner, name, part in BESIDE:
            setattr(owner, name, self._measured(getattr(owner, name), part))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Tell what came before from what comes now."""
        self._seconds[STARTING] = time.process_time()
        began = time.thread_time()
        try:
            return (yield)
        finally:
            own = CONTROLLER if is_xdist_controller(session) else CELLS
            self._seconds[own] = time.thread_time() - began

    def pytest_unconfigure(self) -> None:
        """Write it down."""
        self._seconds[BACKEND] = seconds_on_loop() - self._seconds[READING]
        left = time.process_time() - sum(self._seconds.values())
        spent = json.dumps({**self._seconds, REST: left})
        (self._directory / f"{os.getpid()}.json").write_text(spent)

    def _measured(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        @wraps(function)
        def measured(*arguments: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*arguments)
            finally:
                with self._lock:
                    self._seconds[part] += time.thread_time() - began

        return measured


def total(directory: Path) -> Mapping[str, float]:
    """Return the seconds that all processes of a run spent on each part, in the order of ``PARTS``.

    Args:
        directory: what ``--spent`` was.
    """
    spent = [json.loads(path.read_text()) for path in directory.glob("*.json")]
    return {part: sum(one.get(part, 0) for one in spent) for part in PARTS}
