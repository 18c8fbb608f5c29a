"""The controller holds the binaries of a long run in huge pages, while its workers begin."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from harness.codex.binary import Codex
from harness.codex.huge_pages import HugePages

MANY = 500
"""How many cells of a release are worth a copy of it, which takes as long as ten scenarios."""


class HoldingPlugin:
    """Copies the binaries on a thread, one after another.

    Args:
        pages: where they are copied to.
        codexes: whose they are.
    """

    def __init__(self, pages: HugePages, codexes: Sequence[Codex]) -> None:
        """Copy nothing yet."""
        self._pages, self._codexes = pages, codexes
        self._thread: threading.Thread | None = None

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Begin when the first worker knows how many cells there are, if that is worth it."""
        if self._thread is None and len(ids) >= MANY * len(self._codexes):
            self._thread = threading.Thread(target=self._hold)
            self._thread.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """Write nothing after the end of the run."""
        if self._thread:
            self._thread.join()

    def _hold(self) -> None:
        for codex in self._codexes:
            # What a script starts is elsewhere.
            if not codex.is_script:
                self._pages.hold(codex.path)
