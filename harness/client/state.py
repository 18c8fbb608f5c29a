"""A state that is lent to a client: a codex home, a fake OpenAI, and what becomes of both."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from harness.client.environment import client_environment, forgotten, settings
from harness.codex.app_server import AppServer
from harness.codex.binary import Codex, CodexNotFoundError, find_codex
from harness.declare.answers import Backend
from harness.declare.modules import Declared
from harness.declare.scenario import Scenario
from harness.judge.facts import MEASURED
from harness.seen.journal import Journal
from harness.seen.records import Home, Requests
from harness.suite import probes
from harness.suite.stages import HarnessFault
from harness.world.host import HostApp
from harness.world.world import Place, World, start_app_server

NONE: Final = Codex(Path(os.devnull), str(MEASURED))
"""Stands for the Codex of a client that brings its own, or has none."""


class CodexState:
    """A codex home in a named state, and the fake OpenAI beside it, for as long as ``with`` lasts.

    Args:
        declared: the state.
        codex: the Codex of ``app_server``, whose release also says what is expected; ``None``:
            the installed ``openai-codex-cli-bin``, if it is.
        root, place: as for the world.
    """

    def __init__(
        self,
        declared: Declared,
        codex: Codex | None = None,
        *,
        root: Path | None = None,
        place: Place | None = None,
    ) -> None:
        """Prepare; nothing is written before ``with``."""
        self.declared = declared
        self.codex = codex or installed_codex() or NONE
        self._world = World(declared.scenario, self.codex, root=root, place=place)

    def __enter__(self) -> Self:
        """Write the home, start the backend.

        Raises:
            ConfinementError: this machine cannot give a client what the state wants around it.
        """
        self._world.__enter__()
        link_home(self._world)
        self._before = self._world.look()
        return self

    def __exit__(self, kind: type[BaseException] | None = None, *_: object) -> None:
        """Stop the backend, remove the home.

        Raises:
            HarnessFault: the fake backend failed, and nothing else did.
        """
        self._world.__exit__()
        faults = self._world.backend.faults
        if faults and kind is None:
            message = "the fake backend failed:\n" + "\n".join(faults)
            raise HarnessFault(message)

    @property
    def name(self) -> str:
        """The name of the state: ``refresh/expired``."""
        return self.declared.full_name

    @property
    def scenario(self) -> Scenario:
        """The declaration."""
        return self.declared.scenario

    @property
    def home(self) -> Path:
        """The codex home; it is also ``~/.codex`` of whoever is started with ``env``."""
        return self._world.home

    @property
    def url(self) -> str:
        """The address of the backend: ``http://127.0.0.1:PORT``."""
        return self._world.address

    @property
    def settings(self) -> Mapping[str, str]:
        """The environment variables that lead a client to the home and the backend."""
        return settings(self._world)

    @property
    def forgotten(self) -> Sequence[str]:
        """The variables of this process that a client must not have."""
        return forgotten(self._world)

    @property
    def env(self) -> Mapping[str, str]:
        """All environment variables to start a client with: those of this process, led here."""
        return client_environment(self._world)

    @property
    def launcher(self) -> Sequence[str]:
        """The words to put before a client's command; none but for what `/etc` or modes decide."""
        return self._world.launcher

    @property
    def journal(self) -> Journal:
        """What the backend was asked so far, tokens by name."""
        return self._world.backend.journal

    @property
    def host(self) -> HostApp:
        """The application that owns the tokens, where the state has one: ``logins``, ``answer``."""
        return self._world.host

    @property
    def requests(self) -> Requests:
        """What the backend was asked so far, in sum."""
        return probes.requests(self._world)

    @property
    def became(self) -> Home:
        """What has become of the home so far, tokens by name; without ``exit``."""
        return probes.home_since(self._before, self._world)

    def redact(self, text: str) -> str:
        """Return ``text`` with the name of each token of this state in its place."""
        return self._world.names.redact(text)

    def answer_with(self, **answers: Any) -> None:
        """Answer otherwise from now on: ``answer_with(token=refuse(500))``, as in ``Backend``."""
        self._world.backend.answer_with(Backend(**answers), [*answers])

    def app_server(self, *overrides: str) -> AppServer:
        """Start ``codex app-server`` in this state: ``with state.app_server() as server: …``.

        Args:
            overrides: what it is told with ``-c``.

        Raises:
            CodexNotFoundError: no Codex was given, and none is installed.
        """
        if self.codex is NONE:
            find_codex()
        return start_app_server(self._world, overrides=overrides)


def link_home(world: World) -> None:
    """Make the home the one of clients that do not ask for ``CODEX_HOME``."""
    (world.path / "user" / ".codex").symlink_to(world.home)


def installed_codex() -> Codex | None:
    """Return the Codex of the installed package; ``None``: there is none."""
    try:
        return find_codex()
    except CodexNotFoundError:
        return None
