"""codex-swap 0.1.5 keeps a copy of ``auth.json`` for each slot, and calls Codex itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Client, let_codex_refresh, sign_in_as_somebody_else

from codex_auth_scenarios import CodexState, states

ROTATING = states("rotating", folder=Path(__file__).with_name("states"))


@pytest.mark.parametrize("codex_state", states("signed_in", "api_key"), indirect=True)
def test_sign_in_becomes_a_slot(codex_state: CodexState, client: Client) -> None:
    """One with an API key as well."""
    assert client("codex-swap", "add").startswith("Added slot 1: ")
    assert codex_state.became.auth_json == "untouched"


@pytest.mark.parametrize("codex_state", states("corrupt_auth_json[truncated]"), indirect=True)
def test_file_that_is_no_json_is_said_not_to_be_there(client: Client) -> None:
    """Whoever follows the advice loses what could be mended."""
    assert client("codex-swap", "add", exit_code=1).startswith("No auth.json at ")


@pytest.mark.parametrize("codex_state", ROTATING, indirect=True)
def test_tokens_that_codex_has_refreshed_survive_a_switch(
    codex_state: CodexState, client: Client
) -> None:
    """What Codex wrote into the home meanwhile goes into the slot that is left."""
    client("codex-swap", "add")
    sign_in_as_somebody_else(codex_state)
    client("codex-swap", "add")
    client("codex-swap", "switch", "1")
    let_codex_refresh(codex_state)
    client("codex-swap", "switch", "2")
    client("codex-swap", "switch", "1")

    assert codex_state.became.auth["tokens"]["refresh_token"] == "refresh-1"
