"""``serve``: a state for clients in any language, which is begun anew as often as they like."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import attrs

from harness.client.answers import answers_from
from harness.client.state import CodexState
from harness.client.verdict import differences
from harness.codex.binary import Codex
from harness.declare.modules import Declared
from harness.declare.states import find_state
from harness.results import as_json, differences_as_json
from harness.world.world import Place


class Served:
    """A state at one address and in one place, for as long as ``with`` lasts.

    Args:
        declared: the state that it begins with.
        codex: as for the state.
        directory: where its home and what lies around it are written.
        folders: where others of its states are looked for, beside ours.
    """

    def __init__(
        self,
        declared: Declared,
        codex: Codex | None,
        directory: Path,
        folders: Sequence[Path] = (),
    ) -> None:
        """Prepare; nothing is written before ``with``."""
        self._codex = codex
        self._folders = folders
        self._lock = threading.RLock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._place = Place(path=directory / "served", listener=self._listener)
        self._state = self._prepared(declared)

    def __enter__(self) -> Self:
        """Write the home, start the backend; raises as for the state."""
        self._state.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the backend, remove the home."""
        with self._lock:
            self._state.__exit__()
            self._listener.close()

    def about(self) -> Mapping[str, Any]:
        """Return what is served: the state, where it lies, what leads a client there."""
        with self._lock:
            state = self._state
            return {
                "state": state.name,
                "description": state.declared.description,
                "home": str(state.home),
                "backend": state.url,
                "environment": dict(state.settings),
                "unset": state.forgotten,
            }

    def journal(self) -> Sequence[Any]:
        """Return what the backend was asked since the state was begun."""
        with self._lock:
            return [attrs.asdict(request) for request in self._state.journal]

    def home(self) -> Any:
        """Return what has become of the home since then."""
        with self._lock:
            return as_json(self._state.became)

    def logins(self) -> Sequence[Any]:
        """Return what the host of the state logs in with; each time with tokens of their own."""
        with self._lock:
            return [{"method": name, "params": given} for name, given in self._state.host.logins()]

    def differences(self) -> Sequence[Any]:
        """Return what is not as the state expects it; raises as ``differences`` does."""
        with self._lock:
            return [
                {"record": record, **one}
                for record, several in differences(self._state).items()
                for one in differences_as_json(several)
            ]

    def answer_with(self, answers: Any) -> Mapping[str, Any]:
        """Answer as JSON says from now on.

        Raises:
            AnswerError: it means no answers.
        """
        with self._lock:
            self._state.answer_with(**answers_from(answers))
        return {}

    def reset(self, name: str | None = None) -> Mapping[str, Any]:
        """Begin the state anew, or another one, at the same address and in the same place.

        Raises:
            StateNotFoundError, ModuleError: as for ``find_state``.
            ConfinementError: as for the state; the one before is begun anew.
        """
        with self._lock:
            before = self._state.declared
            declared = find_state(name, self._folders) if name else before
            self._state.__exit__()
            try:
                self._begin(declared)
            except BaseException:
                self._begin(before)
                raise
            return self.about()

    def _begin(self, declared: Declared) -> None:
        self._state = self._prepared(declared)
        self._state.__enter__()

    def _prepared(self, declared: Declared) -> CodexState:
        return CodexState(declared, self._codex, place=self._place)
