"""The pytest plugin for other projects: nothing unless it is asked for, and then a state."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import codex_auth_scenarios
from codex_auth_scenarios import pytest_plugin, releases, states

SUITE = '''"""A suite of another project."""
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from codex_auth_scenarios import states
from harness import ApiKeyAuth, Scenario

ASK = build_opener(ProxyHandler({})).open

@pytest.mark.parametrize("codex_state", states("api_key", "no_auth", "mine", folder="states"),
                         indirect=True)
def test_named(codex_state):
    ASK(codex_state.url + "/v1/models").read()
    assert codex_state.journal.counts == {"GET /v1/models": 1}
    signed_out = codex_state.name == "stored/no_auth"
    assert codex_state.became.auth_json == ("absent" if signed_out else "untouched")
    assert Path(codex_state.env["HOME"], ".codex").samefile(codex_state.home)

@pytest.mark.parametrize("codex_state", ["expired", Scenario(auth=ApiKeyAuth("sk"))],
                         indirect=True)
def test_given(codex_state):
    codex_state.home.joinpath("auth.json").unlink()
    assert codex_state.became.auth_json == "removed"

def test_without(codex_state):
    """Fails, and says how to name a state."""
'''
MINE = '"""Mine."""\nfrom harness import SIGNED_IN, Scenario\nscenario = Scenario(auth=SIGNED_IN)\n'

OURS = ("aiohttp", "attr", "attrs", "harness", "psutil", "tomlkit")


def test_nothing_is_imported_until_a_test_asks() -> None:
    """What pytest loads into every suite is one module with two fixtures."""
    told = f"print([name for name in sys.modules if name.partition('.')[0] in {OURS}])"
    done = subprocess.run(
        [sys.executable, "-c", f"import codex_auth_scenarios.pytest_plugin, sys; {told}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"


def test_suite_that_does_not_ask_is_left_alone() -> None:
    """Options, markers and settings come from hooks, and so does all that costs time."""
    assert [name for name in vars(pytest_plugin) if name.startswith("pytest_")] == []


def test_suite_of_another_project_gets_states(tmp_path: Path) -> None:
    """By name, by pattern, from its own folder and in its own words, on two workers."""
    (tmp_path / "states").mkdir()
    (tmp_path / "states" / "mine.py").write_text(MINE)
    (tmp_path / "test_suite.py").write_text(SUITE)
    options = ("-n", "2", "-rA", "--color=no", "--strict-markers", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    for passed in ("named[stored/api_key]", "named[stored/no_auth]", "named[mine]"):
        assert f"PASSED test_suite.py::test_{passed}" in done.stdout
    assert "5 passed, 1 error" in done.stdout
    assert 'codex_state wants a state: @pytest.mark.parametrize("codex_state", ' in done.stdout


def test_wildcard_leaves_out_stories() -> None:
    """A story is about what the harness does in it, and is lent only by its name."""
    of_story = "simultaneous_refresh"

    assert len(states(of_story)) > 1
    assert of_story not in {one.values[0].name for one in states("shared/*")}


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["0.156.0", "pinned", "0.156.0"], ["0.156.0", "pinned"]),
        ([">=0.99.0,<0.102.0"], ["0.99.0", "0.100.0", "0.101.0"]),
    ],
)
def test_releases_are_named_without_asking_anybody(words: list[str], meant: list[str]) -> None:
    """A range means those that are known; they are downloaded when a test begins."""
    assert releases(*words) == meant


def test_public_names_are_there() -> None:
    """Also those that are imported when they are named; others are not."""
    assert {*codex_auth_scenarios.__all__} <= {*dir(codex_auth_scenarios), "Codex", "CodexState"}
    assert codex_auth_scenarios.CodexState.__name__ == "CodexState"
    with pytest.raises(AttributeError, match="no attribute 'State'"):
        _ = codex_auth_scenarios.State
