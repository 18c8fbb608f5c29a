"""How far a run is: scenarios done and left, what takes longest, when it will be over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final

from attrs import define, field

from harness.report.signs import Signs
from harness.scheduling import scope_of

BAR: Final = 20
LONGEST: Final = 3
"""So many of the scenarios that are being judged are named."""

TOO_EARLY: Final = 2.0
"""Seconds before which nothing is said of the end."""


@define
class Progress:
    """The progress of a run, told cell by cell.

    Args:
        several: whether the cells name their release, since there are several.
        clock: tells the time in seconds.
    """

    several: bool = False
    clock: Callable[[], float] = time.monotonic
    failed: int = 0
    _left: dict[str, set[str]] = field(factory=dict)
    _running: dict[str, float] = field(factory=dict)
    _total: Counter[str] = field(factory=Counter)
    _done: Counter[str] = field(factory=Counter)
    _cells: int = 0
    _cells_done: int = 0
    _started: float = 0

    def expect(self, nodeids: Iterable[str]) -> None:
        """Learn what is going to be run; from now on time counts."""
        if self._left:
            return
        for nodeid in nodeids:
            self._left.setdefault(scope_of(nodeid), set()).add(nodeid)
            self._cells += 1
        self._total.update(self._release_of(scope) for scope in self._left)
        self._started = self.clock()

    def begin(self, nodeid: str) -> None:
        """A worker has come to a cell."""
        self._running.setdefault(scope_of(nodeid), self.clock())

    def end(self, nodeid: str) -> None:
        """A cell has been judged; to say so twice changes nothing."""
        scope = scope_of(nodeid)
        left = self._left.get(scope, set())
        if nodeid in left:
            left.remove(nodeid)
            self._cells_done += 1
            if not left:
                self._running.pop(scope, None)
                self._done[self._release_of(scope)] += 1

    @property
    def total(self) -> int:
        """How many scenarios there are; on several releases, each counts for each."""
        return self._total.total()

    @property
    def done(self) -> int:
        """How many of them are judged."""
        return self._done.total()

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return self._cells_done / self._cells if self._cells else 0

    @property
    def seconds_left(self) -> float | None:
        """When it will be over if it goes on like this; ``None``: it is too early to say."""
        passed = self.clock() - self._started
        if not self._cells_done or passed < TOO_EARLY:
            return None
        return passed / self._cells_done * (self._cells - self._cells_done)

    def line(self) -> str:
        """Return how far it is, in words."""
        left = self.seconds_left
        return ", ".join(
            filter(
                None,
                (
                    f"{self.done} of {self.total} scenarios",
                    f"{self.failed} not as expected" if self.failed else "",
                    f"about {_minutes(left)} left" if left and self.done < self.total else "",
                ),
            )
        )

    def lines(self, signs: Signs, width: int) -> Sequence[str]:
        """Return how far it is, as lines of at most ``width`` columns."""
        told = [f"{signs.bar(self.share, BAR)} {self.share:4.0%}  {self.line()}"]
        if self.several:
            told.append(self._by_release())
        told.append(self._longest())
        return [signs.cut(line, width) for line in told if line]

    def _by_release(self) -> str:
        done = [release for release, total in self._total.items() if self._done[release] == total]
        begun = [
            f"{release}: {self._done[release]}/{self._total[release]}"
            for release in self._total
            if 0 < self._done[release] < self._total[release]
        ]
        return "  ".join((f"{len(done)} of {len(self._total)} releases done", *begun))

    def _longest(self) -> str:
        now = self.clock()
        # A copy: they begin and end while another thread draws.
        running = list(self._running.items())
        longest = sorted(running, key=lambda item: item[1])[:LONGEST]
        return ", ".join(f"{_name(scope)} {now - begun:.0f} s" for scope, begun in longest)

    def _release_of(self, scope: str) -> str:
        return scope.rpartition("[")[2].rpartition("@")[2].rstrip("]") if self.several else ""


def _name(scope: str) -> str:
    """Return the id of a scenario, with its release if there are several."""
    path, _, told = scope.partition("::")
    return PurePosixPath(path).stem + told.removesuffix("[")


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
