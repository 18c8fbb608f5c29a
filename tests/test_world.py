"""A scenario made real: what lies in its home, and what its tokens are called."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

from pathlib import Path

from harness import PersonalAccessToken, Scenario
from harness.codex.binary import find_codex
from harness.world.template import build_template
from harness.world.world import World


def test_raw_configuration_is_written_as_it_is(tmp_path: Path) -> None:
    """Nothing is added; only the backend gets its address."""
    config = "url = http://backend\nno toml"
    with World(Scenario(config=config), find_codex(), root=tmp_path) as world:
        written = (world.home / "config.toml").read_text()

    assert f"url = {world.backend.url}\nno toml" == written


def test_secret_in_the_environment_bears_the_name_of_its_variable(tmp_path: Path) -> None:
    """Other variables have no name."""
    env = {"OPENAI_API_KEY": "sk-secret", "OPENAI_RULE": "rule-one"}
    with World(Scenario(env=env), find_codex(), root=tmp_path) as world:
        assert "$OPENAI_API_KEY rule-one" == world.names.redact("sk-secret rule-one")


def test_personal_access_token_has_a_name(tmp_path: Path) -> None:
    """The one in the home, that is."""
    scenario = Scenario(auth=PersonalAccessToken("at-secret"))
    with World(scenario, find_codex(), root=tmp_path) as world:
        assert "personal-access-token" == world.names.redact("at-secret")


def test_owner_of_a_token_in_the_environment_is_known(tmp_path: Path) -> None:
    """Routing discovery lists the workspace of what Codex takes the state for."""
    scenario = Scenario(taken_for=PersonalAccessToken())
    with World(scenario, find_codex(), root=tmp_path) as world:
        assert ("workspace-1",) == world.backend._workspaces


def test_codex_unpacks_no_skills(tmp_path: Path) -> None:
    """It would read and describe them for each thread."""
    assert build_template(find_codex(), tmp_path / "template", root=tmp_path)
    assert not (tmp_path / "template" / "skills").exists()
