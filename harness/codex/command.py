"""Running a command of ``codex`` to its end, or beside other things until it is waited for."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from harness.codex.output import Output
from harness.codex.process import READER_GRACE, Ending, Process
from harness.seen.inert import inert

DEADLINE: Final = 20.0
"""Seconds that a command may take."""

ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
TEMPORARY_HOME_WARNING: Final = re.compile(r"could not (create PATH aliases|update PATH)")
"""Codex says so whenever its home is in a directory for temporary files (0.163.0; to 0.133.0)."""


def plain_text(text: str) -> str:
    """Return what a Codex printed: without colours, without its word on temporary homes, inert."""
    lines = ANSI.sub("", text).splitlines()
    return "\n".join(
        inert(line) for line in lines if not TEMPORARY_HOME_WARNING.search(line)
    ).strip()


class Command:
    """A command of ``codex`` that has been started: ``with Command(…) as command:``.

    Args:
        argv: the command.
        env, cwd: as for the process.
        stderr: the file for its standard error, which is told after its output; ``None``: both are
            told as they come.
        stdin: what it reads.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stderr: Path | None,
        stdin: str = "",
    ) -> None:
        """Start it."""
        self._process = Process(argv, env=env, cwd=cwd, stderr=stderr)
        self._news = threading.Condition()
        self._printed = b""
        self._gone = False
        self._output = Output(self._process.stdout, self._read)
        with suppress(BrokenPipeError):
            self._process.stdin.write(stdin.encode())
            self._process.stdin.flush()

    def __enter__(self) -> Self:
        """Return the command itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill what is left."""
        self._process.end(grace=0)
        self._output.close()

    def said(self, pattern: re.Pattern[str], deadline: float = DEADLINE) -> str | None:
        """Return the first match in what it prints; ``None``: it ended, or was silent, without."""
        with self._news:
            self._news.wait_for(lambda: self._gone or self._find(pattern), deadline)
            return self._find(pattern)

    def finish(self, deadline: float = DEADLINE) -> tuple[Ending, str]:
        """Wait for the end; return it, and all that was printed.

        Args:
            deadline: seconds after which it is killed.
        """
        ending = self._process.end(deadline)
        self._output.wait(READER_GRACE)
        left = [f"left running: {name}" for name in ending.left_behind]
        return ending, plain_text("\n".join([self._text(), self._process.stderr, *left]))

    @property
    def stream(self) -> str:
        """Where it has printed: ``"stdout"``, ``"stderr"``, ``"both"``, or ``"none"``."""
        printed = {"stdout": self._text(), "stderr": self._process.stderr}
        used = [name for name, text in printed.items() if plain_text(text)]
        return "both" if len(used) > 1 else "".join(used) or "none"

    def _find(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.search(self._text())
        return found[0] if found else None

    def _text(self) -> str:
        return self._printed.decode(errors="replace")

    def _read(self, piece: bytes) -> None:
        with self._news:
            self._printed += piece
            self._gone = not piece
            self._news.notify_all()
