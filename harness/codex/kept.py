"""What is made of a Codex once and kept: its protocol, and a home that it has initialised.

Each is kept by the digest of the binary that it is of, and a home by that of the harness as well,
which decides what the binary did in it. So none can be stale, on whatever machine it was made.
"""

from __future__ import annotations

import base64
import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from attrs import frozen

from harness.codex.binary import PINNED, Codex

NOTE: Final = "release.json"
"""The file beside a downloaded binary that says what it is."""

DIGITS: Final = 16
"""How much of a digest stands in the name of a file."""

HOMES: Final = 4
"""How many homes of a binary are kept: each state of the harness makes one."""


@frozen
class Kept:
    """What is made of one Codex.

    Args:
        directory: where it lies, or will.
    """

    directory: Path

    @classmethod
    def of(cls, codex: Codex, store: Path, *, run: Path) -> Kept:
        """Return what is made of ``codex``.

        Args:
            codex: the Codex.
            store: where it is kept from run to run.
            run: the directory of the run, which takes it where nobody has recorded what binary it
                is: a Codex of the user's own changes at any time.
        """
        digest = recorded_digest(codex)
        if digest is None:
            return cls(run / "made" / str(codex.path).replace("/", "-"))
        return cls(store / f"{codex.version}-{digest[:DIGITS]}")

    @property
    def protocol(self) -> Path:
        """The file with its protocol."""
        return self.directory / "protocol.json"

    def give_home(self, harness: str, target: Path) -> bool:
        """Put a copy of the home into ``target``; return whether there is one.

        Args:
            harness: the digest of the harness.
            target: a directory that is not there yet.
        """
        try:
            shutil.copytree(self._home(harness), target, symlinks=True)
        except OSError:
            shutil.rmtree(target, ignore_errors=True)
            return False
        return True

    def keep_home(self, harness: str, made: Path) -> None:
        """Keep a copy of a home, whole or not at all, and no more than the newest ``HOMES``."""
        with suppress(OSError), self._locked():
            partial = self.directory / "partial"
            # What a run that was killed has left.
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(made, partial, symlinks=True)
            partial.rename(self._home(harness))
            homes = sorted(self.directory.glob("home-*"), key=lambda home: -home.stat().st_mtime)
            for left in homes[HOMES:]:
                shutil.rmtree(left)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _home(self, harness: str) -> Path:
        return self.directory / f"home-{harness[:DIGITS]}"


def recorded_digest(codex: Codex) -> str | None:
    """Return the SHA-256 of a binary, in hex, as it was recorded when it was installed.

    ``None``: nobody has, or the binary was changed since. Computing it would cost as much as it
    saves: half a second for the 300 MB of 0.163.0.
    """
    with suppress(OSError, ValueError, KeyError, PackageNotFoundError):
        for record, digest, size in (*_of_download(codex.path), *_of_package(codex.path)):
            there = codex.path.stat()
            if there.st_size == size and there.st_mtime <= record.stat().st_mtime:
                return digest
    return None


def _of_download(binary: Path) -> Iterator[tuple[Path, str, int]]:
    note = binary.with_name(NOTE)
    if note.exists():
        said = json.loads(note.read_text())
        yield note, said["sha256"], said["size"]


def _of_package(binary: Path) -> Iterator[tuple[Path, str, int]]:
    files = distribution(PINNED).files or ()
    record = next(Path(str(file.locate())) for file in files if file.name == "RECORD")
    for file in files:
        if file.hash and file.size and Path(str(file.locate())) == binary:
            yield record, base64.urlsafe_b64decode(f"{file.hash.value}=").hex(), file.size
