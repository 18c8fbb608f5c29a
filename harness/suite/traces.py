"""What a stage leaves behind: files, tokens and processes, looked for when Codex has ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import psutil

from harness.declare.auth import AUTH_FILE
from harness.seen.ledger import CONFIG_FILE, Ledger
from harness.seen.records import Traces
from harness.suite.probes import exit_text
from harness.world.world import World

REPLACING: Final = frozenset({"put", "restore"})
"""The verbs of the steps of a story that put another ``auth.json`` in place."""

LOOKED_AT: Final = (CONFIG_FILE, "requirements.toml")
"""What the steps of a story write, and what ``do.look`` tells of."""


class Tracing:
    """Looks at a world that has just been entered, and then again: ``Tracing(world).record()``.

    Args:
        world: where a stage is about to run.
    """

    def __init__(self, world: World) -> None:
        """Look for the first time."""
        self._world = world
        self._before = Ledger.of(world.path)
        self._running = frozenset(psutil.pids())

    def record(self) -> Traces:
        """Return what has been left behind since."""
        world, after = self._world, Ledger.of(self._world.path)
        written = world.besides_auth_json(after.written(self._before))
        told = world.search.leaks(written)
        return Traces(
            files=tuple(map(world.names.redact, self._changes(after))),
            leaked=tuple(sorted({*told, *self._said()})),
            processes=tuple(sorted(self._processes())),
            exits=tuple(sorted({exit_text(server.close()) for server in world.servers})),
        )

    def _changes(self, after: Ledger) -> Sequence[str]:
        return after.changes(self._before, besides=self._steered)

    @property
    def _steered(self) -> tuple[str, ...]:
        """The names of the files that the story writes itself, or looks at itself."""
        story = self._world.scenario.story
        replaced = any(step.verb in REPLACING for step in story)
        return (*(LOOKED_AT if story else ()), *((AUTH_FILE,) if replaced else ()))

    def _said(self) -> Iterator[str]:
        """Yield the tokens in what Codex said to its client of its own accord, or as an error."""
        lines = (line for server in self._world.servers for line in server.transcript)
        messages = [line.message for line in lines if line.sender == "codex"]
        unasked = [one for one in messages if not (isinstance(one, dict) and "result" in one)]
        if self._held(unasked):
            for message in unasked:
                yield from (f"{name} in {_kind(message)}" for name in self._held(message))

    def _held(self, said: Any) -> Sequence[str]:
        return self._world.names.held(json.dumps(said).encode())

    def _processes(self) -> Iterator[str]:
        """Yield the names of the processes of this world, wherever they have gone to."""
        place = str(self._world.path)
        for pid in frozenset(psutil.pids()) - self._running:
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                is_ours = process.environ().get("CODEX_HOME", "").startswith(place)
                if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                    yield process.name()


def _kind(message: Any) -> str:
    """Return what tells a message from others without its contents."""
    if not isinstance(message, dict):
        return "a line that is no message"
    return str(message.get("method", "an error"))
