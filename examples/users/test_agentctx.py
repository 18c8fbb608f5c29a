"""agentctx 0.6.0 keeps a copy of ``auth.json`` for each profile, which it calls by its e-mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Client, let_codex_refresh, sign_in_as_somebody_else

from codex_auth_scenarios import CodexState, states

ROTATING = states("rotating", folder=Path(__file__).with_name("states"))


@pytest.mark.parametrize("codex_state", states("signed_in"), indirect=True)
def test_sign_in_is_kept_under_its_address(codex_state: CodexState, client: Client) -> None:
    """The copy lies in its own directory, and the home is left alone."""
    assert client("agentctx", "=.").endswith('as profile "someone@example.com".')

    assert codex_state.became.auth_json == "untouched"
    assert len(codex_state.became.leaked) == len(["access", "id", "refresh"])


@pytest.mark.parametrize(
    "codex_state",
    states("api_key", "access_token_stored", "id_token_bare[no-email]"),
    indirect=True,
)
def test_sign_in_without_an_address_cannot_be_kept(client: Client) -> None:
    """Codex uses these (0.163.0); agentctx has no name for them."""
    assert "JWT email not found" in client("agentctx", "=.", exit_code=1)


@pytest.mark.parametrize("codex_state", states("linked_auth_json[link]"), indirect=True)
def test_link_is_refused(codex_state: CodexState, client: Client) -> None:
    """Codex follows it (0.163.0)."""
    assert "refusing to use symlink" in client("agentctx", "=.", exit_code=1)
    assert codex_state.became.auth_json == "untouched"


@pytest.mark.parametrize("codex_state", ROTATING, indirect=True)
def test_tokens_that_codex_has_refreshed_survive_a_switch(
    codex_state: CodexState, client: Client
) -> None:
    """What Codex wrote into the home meanwhile is kept before another profile takes its place."""
    client("agentctx", "=.")
    client("agentctx", "-u")
    sign_in_as_somebody_else(codex_state)
    client("agentctx", "=.")
    client("agentctx", "someone@example.com")
    let_codex_refresh(codex_state)
    client("agentctx", "other@example.com")
    client("agentctx", "someone@example.com")

    assert codex_state.became.auth["tokens"]["refresh_token"] == "refresh-1"


@pytest.mark.parametrize("codex_state", ROTATING, indirect=True)
def test_another_sign_in_takes_the_place_of_the_profile(
    codex_state: CodexState, client: Client
) -> None:
    """Saved after a login as somebody else, without ``-u`` before: the first profile is gone."""
    client("agentctx", "=.")
    sign_in_as_somebody_else(codex_state)

    assert client("agentctx", "=.") == 'Current profile renamed to "other@example.com".'
    assert "not found" in client("agentctx", "someone@example.com", exit_code=1)
