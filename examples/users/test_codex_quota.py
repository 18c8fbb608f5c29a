"""codex-quota 1.2.0 embeds ``codex app-server``, with a codex home for each of its profiles."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import Client

from codex_auth_scenarios import CodexState, states


def status_of_profile(codex_state: CodexState, client: Client) -> tuple[dict[str, Any], Path]:
    """Make a profile of the state; return what codex-quota says of it, and its home."""
    client("codex-quota", "profile", "add", "mine")
    home = Path(codex_state.env["HOME"], ".codex-quota", "profiles", "mine")
    for file in codex_state.home.iterdir():
        shutil.copy(file, home)
    (status,) = json.loads(client("codex-quota", "status", "--json"))
    return status, home


@pytest.mark.parametrize("codex_state", states("signed_in", "access_token_stored"), indirect=True)
def test_limits_are_read(codex_state: CodexState, client: Client) -> None:
    """Of a sign-in with ChatGPT, and of one with a personal access token."""
    status, _ = status_of_profile(codex_state, client)

    assert (status["ok"], status["rate_limits"]["primary"]["used_percent"]) == (True, 10)


@pytest.mark.parametrize("codex_state", states("expired"), indirect=True)
def test_refresh_token_is_spent_twice(codex_state: CodexState, client: Client) -> None:
    """Codex refreshes when it starts, then codex-quota has it refresh again (0.163.0)."""
    status, home = status_of_profile(codex_state, client)

    assert status["ok"]
    assert codex_state.requests.refreshed_with == ("refresh-0", "refresh-1")
    auth = json.loads(codex_state.redact(json.dumps(json.loads((home / "auth.json").read_text()))))
    assert auth["tokens"]["refresh_token"] == "refresh-2"


@pytest.mark.parametrize(
    "codex_state", states("no_auth", "expired_refresh_dead[reused]", "api_key"), indirect=True
)
def test_somebody_has_to_sign_in(codex_state: CodexState, client: Client) -> None:
    """That is also what it says of an API key, which has no limits but is good for a turn."""
    status, _ = status_of_profile(codex_state, client)

    assert status["status"] == "AUTH_REQUIRED"


@pytest.mark.parametrize("codex_state", states("usage_down"), indirect=True)
def test_failure_of_the_backend_is_none_of_the_sign_in(
    codex_state: CodexState, client: Client
) -> None:
    """The error of the app-server is told as it is."""
    status, _ = status_of_profile(codex_state, client)

    assert (status["auth_ok"], status["ok"], status["status"]) == (True, False, None)
    assert "500 Internal Server Error" in status["error"]
