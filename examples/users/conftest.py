"""Running somebody's program in a state of Codex."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from codex_auth_scenarios import CodexState

Client = Callable[..., str]
"""Runs a command and returns what it printed; ``exit_code``: how it has to end."""


@pytest.fixture
def client(codex_state: CodexState) -> Client:
    """Return what runs a command in the state of the test, with Codex on its path."""
    path = os.pathsep.join([str(codex_state.codex.path.parent), os.environ["PATH"]])

    def run(*words: str, exit_code: int = 0) -> str:
        done = subprocess.run(
            words,
            env={**codex_state.env, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == exit_code, done.stdout
        return codex_state.redact(done.stdout).strip()

    return run
