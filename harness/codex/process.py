"""Starting a real Codex, and making sure that it ends: each in a process group of its own."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import IO, Final, Self

import psutil
from attrs import frozen

READER_GRACE: Final = 2.0
"""Seconds to read what is left; only a process that escaped its group keeps the pipe open."""


@frozen
class Ending:
    """How a process ended.

    Args:
        exit_code: as ``subprocess`` gives it, negative for a signal; ``None``: it had to be killed.
        cpu_seconds: user and system time of the process and the children it waited for.
        left_behind: the names of processes that it started and did not end.
    """

    exit_code: int | None
    cpu_seconds: float
    left_behind: Sequence[str] = ()

    def __str__(self) -> str:
        """Return how it ended in words: ``"exit code 0"``, ``"killed by SIGSEGV"``."""
        told = _how(self.exit_code)
        return f"{told}, leaving {', '.join(self.left_behind)}" if self.left_behind else told


def _how(exit_code: int | None) -> str:
    if exit_code is None:
        return "did not end, and was killed"
    if exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return f"killed by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"killed by signal {-exit_code}"


def _ends_within(pid: int, seconds: float) -> bool:
    """Return whether a child ends in this time; it is still to be waited for."""
    if sys.platform == "linux":
        descriptor = os.pidfd_open(pid)
        try:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            return bool(poll.poll(seconds * 1000))
        finally:
            os.close(descriptor)
    with closing(select.kqueue()) as queue:
        its_end = select.kevent(
            pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD | select.KQ_EV_ONESHOT, select.KQ_NOTE_EXIT
        )
        try:
            return bool(queue.control([its_end], 1, seconds))
        except ProcessLookupError:
            return True


class Process:
    """A child in a session of its own, with piped standard input and output.

    ``with`` it: on leaving, the whole process group is gone and waited for, whatever happened.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stderr: Path | None,
    ) -> None:
        """Start ``argv`` with exactly ``env``.

        ``stderr``: the file for its standard error; ``None``: that goes where its output goes.
        """
        self._stderr_path = stderr
        self._ending: Ending | None = None
        with ExitStack() as stack:
            sink = stack.enter_context(stderr.open("ab")) if stderr else subprocess.STDOUT
            self._popen = subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,
            )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self.stdin: IO[bytes] = self._popen.stdin
        self.stdout: IO[bytes] = self._popen.stdout

    @property
    def stderr(self) -> str:
        """What the process has written to standard error so far."""
        return self._stderr_path.read_text(errors="replace") if self._stderr_path else ""

    def end(self, grace: float) -> Ending:
        """Close standard input, wait up to ``grace`` seconds, then kill the whole group.

        Without any grace it is killed before it can see the end of its input.
        Returns the same ``Ending`` however often it is called.
        """
        if self._ending is None:
            if grace:
                self._close_stdin()
            in_time = _ends_within(self._popen.pid, grace)
            if not in_time:
                self._kill_group()
            self._close_stdin()
            _, status, usage = os.wait4(self._popen.pid, 0)
            left_behind = self._group() if in_time else ()
            self._kill_group()
            code = os.waitstatus_to_exitcode(status)
            self._popen.returncode = code
            self._ending = Ending(
                code if in_time else None,
                usage.ru_utime + usage.ru_stime,
                left_behind,
            )
        return self._ending

    def _close_stdin(self) -> None:
        with suppress(OSError):
            self.stdin.close()

    def _group(self) -> Sequence[str]:
        """Return the names of the processes that are still running in the group, sorted."""
        try:
            os.killpg(self._popen.pid, 0)
        except (ProcessLookupError, PermissionError):
            return ()  # as most often, and much cheaper than what follows
        found = []
        for process in psutil.process_iter():
            with suppress(ProcessLookupError, psutil.Error):
                in_group = os.getpgid(process.pid) == self._popen.pid
                if in_group and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process.name())
        return tuple(sorted(found))

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        """Return the process itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill what is left."""
        self.end(grace=0)
        self.stdout.close()
