"""Running somebody's program in a state of Codex, and what happens beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from codex_auth_scenarios import CodexState
from harness import signed_in, write_auth

Client = Callable[..., str]
"""Runs a command and returns what it printed; ``exit_code``: how it has to end."""


def sign_in_as_somebody_else(state: CodexState) -> None:
    """Put another account into the home, as ``codex login`` does."""
    account = "workspace-2"
    other = signed_in(email="other@example.com", account_id=account, chatgpt_account_id=account)
    write_auth(state.home, other)


def let_codex_refresh(state: CodexState) -> None:
    """Have Codex refresh the tokens of the home."""
    with state.app_server() as server:
        server.initialize()
        server.request("account/read", {"refreshToken": True})
        server.close()


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
