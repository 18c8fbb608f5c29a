"""The client in Node.js through ``run``, the one in a shell through ``serve``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("state", "exit_code", "says"),
    [
        ("signed_in", 0, "all is as expected"),
        ("expired", 0, "all is as expected"),
        ("expired_refresh_dead[reused]", 1, "/oauth/token: 401"),
    ],
)
def test_client_in_node(state: str, exit_code: int, says: str) -> None:
    """It does with tokens what Codex does, and gives up where it has to."""
    client = ("node", str(HERE / "client.mjs"))
    run = ("codex-auth-scenarios", "run", state, "--expect", "--", *client)
    done = subprocess.run(run, capture_output=True, text=True, check=False)

    assert (done.returncode, says in done.stderr) == (exit_code, True), done.stderr


def test_client_in_a_shell() -> None:
    """Three states of the world, one after another."""
    said = subprocess.run(
        ["sh", str(HERE / "client.sh")], stdout=subprocess.PIPE, text=True, check=True
    ).stdout

    assert said.splitlines() == [
        "the model answers 200",
        "and then 429",
        "and nobody is signed in",
    ]
