"""``materialize``: a state that stays: a home, and a file with the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from harness.client.environment import forgotten, settings, shell_lines
from harness.client.state import NONE, link_home
from harness.declare.modules import Declared
from harness.errors import PlainError
from harness.reaper import remove
from harness.world.world import Place, World

NOWHERE: Final = "http://127.0.0.1:9"
"""The port for what is thrown away, where nothing listens."""

ENV_FILE: Final = "env"


class NotMaterializedError(PlainError):
    """A state that could not be written; the message says why."""


def materialize(declared: Declared, directory: Path, backend: str) -> Path:
    """Write a state into a directory; return the file with the environment, for a POSIX shell.

    Args:
        declared: the state.
        directory: where, which is made, or empty.
        backend: the address of a backend, for the configuration and the environment.

    Raises:
        NotMaterializedError: the directory is in use or cannot be written; or the state is one of
            the machine, of modes or of a backend by TLS, which only a process can be given.
        ConfinementError: as for the world.
    """
    world = World(declared.scenario, NONE, place=Place(path=directory, address=backend))
    if world.speaks_tls:
        raise _for_a_process(declared)
    try:
        world.write()
    except OSError as error:
        message = f"{directory} cannot be used: {error.strerror or error}"
        raise NotMaterializedError(message) from error
    if world.launcher:
        remove(world.path)
        raise _for_a_process(declared)
    link_home(world)
    env = world.path / ENV_FILE
    lines = shell_lines(settings(world), forgotten(world))
    env.write_text("".join(f"{line}\n" for line in lines))
    return env


def _for_a_process(declared: Declared) -> NotMaterializedError:
    return NotMaterializedError(
        f"{declared.full_name} holds for a process alone; start it so: "
        f"codex-auth-scenarios run {declared.full_name} -- COMMAND"
    )
