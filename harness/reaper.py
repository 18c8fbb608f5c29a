"""The reaper: it outlives a run by a moment and leaves nothing of it behind.

``python -I reaper.py DIRECTORY`` reads standard input until its end, which comes when the run that
started it is over, however it ended. Then it kills every process whose environment names the
directory, or that is in it (the workers of the run and their Codex), and removes the directory.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

RUN_VARIABLE: Final = "CODEX_AUTH_SCENARIOS_RUN"
"""Set by a run for its workers, so that they can be told from other processes."""

DEADLINE: Final = 20.0

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - looked at before it is used
"""Where Linux keeps files in memory: a Codex there waits for no disk and costs a tenth less."""

ROOM: Final = 1 << 30
"""Bytes that must be free there; a container may have as little as 64 MB of it."""


class Guarded:
    """A directory that a reaper removes, with every process that is of it: ``with`` it.

    It lies where ``TMPDIR`` says; where that says nothing in memory, if there is room.
    """

    def __init__(self) -> None:
        """Start the reaper, in a session that no Ctrl-C reaches, and make the directory."""
        place = (_in_memory() or Path(tempfile.gettempdir())).resolve()
        self.directory = place / f"codex-auth-scenarios-{secrets.token_hex(4)}"
        # Before there is anything to be left behind.
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", __file__, self.directory],
            stdin=subprocess.PIPE,
            # Whoever reads the output of this process need not wait for the reaper.
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.directory.mkdir(mode=0o700)

    def __enter__(self) -> Self:
        """Return the guarded directory itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.end()

    def end(self) -> None:
        """Let the reaper do its work and wait for it."""
        with suppress(subprocess.TimeoutExpired):
            self._reaper.communicate(timeout=DEADLINE)


class Run(Guarded):
    """The directory that holds everything one run writes.

    ``with Run() as run:``, or ``run.end()`` at its end. Temporary files of this process, and of all
    that it starts, lie in it meanwhile.
    """

    def __init__(self) -> None:
        """Make the directory, and tell all that is started of it."""
        super().__init__()
        self._before = {name: os.environ.get(name) for name in (RUN_VARIABLE, "TMPDIR")}
        os.environ[RUN_VARIABLE] = os.environ["TMPDIR"] = str(self.directory)
        tempfile.tempdir = None

    def end(self) -> None:
        """Forget the directory, and let the reaper do its work."""
        for name, value in self._before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        tempfile.tempdir = None
        super().end()


def _in_memory() -> Path | None:
    """Return the directory whose files are in memory; ``None``: the user wants another, or none."""
    if any(name in os.environ for name in ("TMPDIR", "TEMP", "TMP")):
        return None
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM else None


def kill_all(directory: str, *, spare: frozenset[int]) -> int:
    """Kill every process, outside ``spare``, with ``directory`` in its environment or around it.

    Returns the number of processes that were killed.
    """
    import psutil  # noqa: PLC0415 - only wanted at the end of a run

    found = [
        process
        for process in psutil.process_iter(["environ", "cwd"])
        if process.pid not in spare and any(directory in told for told in _told(**process.info))
    ]
    for process in found:
        with suppress(psutil.Error):
            process.kill()
    return len(found)


def _told(environ: dict[str, str] | None, cwd: str | None) -> Iterable[str]:
    """Return all that tells what a process belongs to; nothing of one that is another user's."""
    return [*(environ or {}).values(), cwd or ""]


def remove(directory: Path) -> None:
    """Remove a directory with all that lies in it, whatever its modes forbid."""
    shutil.rmtree(directory, ignore_errors=True)
    if directory.exists():
        for path, _, _ in os.walk(directory):
            with suppress(OSError):
                os.chmod(path, 0o700)
        shutil.rmtree(directory, ignore_errors=True)


def main(directory: str) -> None:
    """Wait for the end of the run, then clean up after it."""
    run = os.getppid()
    sys.stdin.buffer.read()
    deadline = time.monotonic() + DEADLINE
    # Once is not enough: whoever was just killed, or is about to notice, may have been writing.
    # Nor can their end be awaited: a zombie stays as long as a run that has crashed.
    while kill_all(directory, spare=frozenset({os.getpid(), run})) or Path(directory).exists():
        remove(Path(directory))
        if time.monotonic() > deadline:
            message = f"cannot clean up {directory}"
            raise SystemExit(message)


if __name__ == "__main__":
    main(sys.argv[1])
