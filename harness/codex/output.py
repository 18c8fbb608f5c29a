"""Reading what a process prints, on the loop, while others wait for something else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import IO, Final

from harness.loop import event_loop, on_loop

CHUNK: Final = 1 << 16
"""Bytes that are read at a time."""


class Output:
    """What a process prints.

    Args:
        pipe: where it comes from.
        hear: is told of each piece of it, on the loop, and in the end of an empty one.
    """

    def __init__(self, pipe: IO[bytes], hear: Callable[[bytes], None]) -> None:
        """Read from here on."""
        self._pipe = pipe
        self._hear = hear
        self._has_ended = threading.Event()
        os.set_blocking(pipe.fileno(), False)
        loop = event_loop()
        loop.call_soon_threadsafe(loop.add_reader, pipe.fileno(), self._read)

    def wait(self, seconds: float) -> None:
        """Wait for its end, but no longer than that."""
        self._has_ended.wait(seconds)

    def close(self) -> None:
        """Read no more, even if somebody still has the other end."""
        if self._has_ended.is_set():
            self._pipe.close()
        else:
            on_loop(self._give_up())

    async def _give_up(self) -> None:
        if not self._has_ended.is_set():
            event_loop().remove_reader(self._pipe.fileno())
            self._has_ended.set()
        self._pipe.close()

    def _read(self) -> None:
        try:
            piece = os.read(self._pipe.fileno(), CHUNK)
        except BlockingIOError:
            return
        if not piece:
            event_loop().remove_reader(self._pipe.fileno())
        self._hear(piece)
        if not piece:
            self._has_ended.set()


class Lines:
    """What comes piece by piece, cut into lines."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._unfinished: list[bytes] = []

    def cut(self, piece: bytes) -> Iterator[bytes]:
        """Yield the lines, with their ends, that end with ``piece``; an empty one is the last."""
        *ended, rest = piece.split(b"\n")
        for line in ended:
            yield b"".join([*self._unfinished, line, b"\n"])
            self._unfinished.clear()
        self._unfinished.append(rest)
        left = b"" if piece else b"".join(self._unfinished)
        if left:
            yield left
