"""What is made once for each Codex of a run, or was made in an earlier one."""

from __future__ import annotations

import fcntl
import hashlib
import threading
from concurrent.futures import Future
from pathlib import Path

from harness.codex.binary import Codex, CodexNotFoundError
from harness.codex.kept import Kept
from harness.codex.order import TELLS_BEGINNING_FIRST
from harness.codex.protocol import Protocol
from harness.codex.schema import kept_bundle_of
from harness.codex.store import Store
from harness.digest import digest_of, harness_files
from harness.reaper import remove
from harness.suite.stages import Prepared
from harness.world.template import build_template


class Preparations:
    """What is made once for each Codex, and for all processes of a run.

    Args:
        directory: the directory of the run.
    """

    def __init__(self, directory: Path) -> None:
        """Make none yet."""
        self._directory = directory
        self._lock = threading.Lock()
        self._made: dict[Path, Future[Prepared]] = {}

    def of(self, codex: Codex) -> Prepared:
        """Return what is prepared for ``codex``; whoever comes first prepares it.

        Raises:
            Exception: whatever kept the harness from making it.
        """
        with self._lock:
            first = codex.path not in self._made
            made = self._made.setdefault(codex.path, Future())
        if first:
            try:
                made.set_result(self._prepare(codex))
            except Exception as error:  # noqa: BLE001 - for everyone who asks for it
                made.set_exception(error)
        return made.result()

    def _prepare(self, codex: Codex) -> Prepared:
        kept = Kept.of(codex, Store().made, run=self._directory)
        return Prepared(template=self._template(codex, kept), protocol=self._protocol(codex, kept))

    def _protocol(self, codex: Codex, kept: Kept) -> Protocol | str:
        try:
            bundle = kept_bundle_of(codex, kept.protocol, root=self._directory)
        except CodexNotFoundError as error:
            return str(error)
        return Protocol(bundle, tells_beginning_first=codex.release in TELLS_BEGINNING_FIRST)

    def _template(self, codex: Codex, kept: Kept) -> Path:
        """Return the home that all processes of this run start from; it is theirs alone."""
        name = hashlib.sha256(bytes(codex.path)).hexdigest()[:16]
        template = self._directory / f"template-{name}"
        with template.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not template.exists():
                self._make(codex, kept, template)
        return template

    def _make(self, codex: Codex, kept: Kept, template: Path) -> None:
        unfinished = template.with_suffix(".unfinished")
        # A process that was killed may have left it.
        remove(unfinished)
        harness = digest_of(harness_files())
        if not kept.give_home(harness, unfinished):
            is_whole = build_template(codex, unfinished, root=self._directory)
            if is_whole:
                kept.keep_home(harness, unfinished)
        unfinished.rename(template)
