"""codex-swap 0.1.5 keeps a copy of ``auth.json`` for each slot, and calls Codex itself."""

from __future__ import annotations

import pytest
from conftest import Client

from codex_auth_scenarios import CodexState, states
from harness import SIGNED_IN, Backend, Scenario, rotating, signed_in, write_auth

OTHER = signed_in(
    email="other@example.com", account_id="workspace-2", chatgpt_account_id="workspace-2"
)
SWITCHING = Scenario(auth=SIGNED_IN, backend=Backend(token=rotating(family=True)))


@pytest.mark.parametrize("codex_state", states("signed_in", "api_key"), indirect=True)
def test_sign_in_becomes_a_slot(codex_state: CodexState, client: Client) -> None:
    """One with an API key as well."""
    assert client("codex-swap", "add").startswith("Added slot 1: ")
    assert codex_state.became.auth_json == "untouched"


@pytest.mark.parametrize("codex_state", states("corrupt_auth_json[truncated]"), indirect=True)
def test_file_that_is_no_json_is_said_not_to_be_there(client: Client) -> None:
    """Whoever follows the advice loses what could be mended."""
    assert client("codex-swap", "add", exit_code=1).startswith("No auth.json at ")


@pytest.mark.parametrize("codex_state", [SWITCHING], ids=["rotating"], indirect=True)
def test_tokens_that_codex_has_refreshed_survive_a_switch(
    codex_state: CodexState, client: Client
) -> None:
    """What Codex wrote into the home meanwhile goes into the slot that is left."""
    client("codex-swap", "add")
    write_auth(codex_state.home, OTHER)
    client("codex-swap", "add")
    client("codex-swap", "switch", "1")
    with codex_state.app_server() as server:
        server.initialize()
        server.request("account/read", {"refreshToken": True})
        server.close()
    client("codex-swap", "switch", "2")
    client("codex-swap", "switch", "1")

    assert codex_state.became.auth["tokens"]["refresh_token"] == "refresh-1"
