"""What a client is started with: the user's own environment, led to the home and the backend."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from harness.world.world import INHERITED, World, environment

ELSEWHERE: Final = ("CHATGPT_", "CODEX_", "OPENAI_", "XDG_")
"""How variables of the user begin that name another sign-in, or another place for files."""

ALSO: Final = {"NODE_USE_ENV_PROXY": "1"}
"""Node.js asks no proxy unless it is told to (22.21 and 24.5 on)."""


def settings(world: World) -> Mapping[str, str]:
    """Return the variables that lead a client to the home and the backend of ``world``."""
    left_to_the_user = {"PATH", *INHERITED}
    led = {name: v for name, v in environment(world).items() if name not in left_to_the_user}
    return {**led, **ALSO}


def client_environment(world: World) -> Mapping[str, str]:
    """Return all that a client is started with."""
    astray = {*_astray()}
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    return {**kept, **settings(world)}


def shell_lines(variables: Mapping[str, str]) -> Sequence[str]:
    """Return ``variables`` for a POSIX shell, and what it has to forget of the user's."""
    forgotten = [f"unset {name}" for name in _astray() if name not in variables]
    return [*forgotten, *(f"export {name}={shlex.quote(v)}" for name, v in variables.items())]


def _astray() -> Sequence[str]:
    return [name for name in sorted(os.environ) if name.startswith(ELSEWHERE)]
