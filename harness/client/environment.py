"""What a client is started with: the user's own environment, led to the home and the backend."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from harness.declare.auth import LEFT_OUT
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


def forgotten(world: World) -> Sequence[str]:
    """Return the variables of the user that a client must not be started with."""
    left_out = {name for name, value in world.scenario.env.items() if value is LEFT_OUT}
    astray = [name for name in os.environ if name.startswith(ELSEWHERE) or name in left_out]
    return sorted({*astray} - settings(world).keys())


def client_environment(world: World) -> Mapping[str, str]:
    """Return all that a client is started with."""
    kept = {name: os.environ[name] for name in os.environ.keys() - {*forgotten(world)}}
    return {**kept, **settings(world)}


def shell_lines(variables: Mapping[str, str], forget: Sequence[str]) -> Sequence[str]:
    """Return ``variables`` for a POSIX shell, and what it has to ``forget``."""
    told = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return [*(f"unset {name}" for name in forget), *told]
