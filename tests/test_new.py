"""A module for a state that is not tried yet: what is written, and what Codex did in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.__main__ import main
from harness.catalogue.new import Wanted
from harness.catalogue.new_command import new
from harness.declare.modules import load_module


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory of scenarios of a project that has one, with a folder."""
    directory = tmp_path / "scenarios"
    (directory / "refresh").mkdir(parents=True)
    there = '"""There."""\nfrom harness import Scenario\nscenario = Scenario()\n'
    (directory / "refresh" / "there.py").write_text(there)
    monkeypatch.chdir(tmp_path)
    return directory


@pytest.mark.parametrize(
    ("wanted", "declared"),
    [
        ({}, "auth=SIGNED_IN"),
        (
            {"changes": {"plan_type": "team", "account_id": "None"}},
            "auth=signed_in(plan_type='team', account_id=None)",
        ),
        (
            {"auth": "api-key", "changes": {"api_key": "sk-x"}},
            "auth=ApiKeyAuth(api_key='sk-x')",
        ),
        ({"auth": "none"}, "auth=NoAuth()"),
        ({"auth": "host"}, "host=Host()"),
        (
            {"answers": {"token": "401", "usage": "drop", "responses": "slow(2)"}},
            "auth=SIGNED_IN, backend=Backend(token=refuse(401), usage=drop(), responses=slow(2))",
        ),
        (
            {"config": {"features.apps": "true", "forced_login_method": "api"}},
            "auth=SIGNED_IN, config={'features': {'apps': True}, 'forced_login_method': 'api'}",
        ),
        ({"env": {"A": "1"}}, "auth=SIGNED_IN, env={'A': '1'}"),
    ],
)
def test_what_differs_is_declared(wanted: dict[str, object], declared: str, tmp_path: Path) -> None:
    """And nothing else, in a module that loads."""
    path = tmp_path / "one.py"
    path.write_text(Wanted(description='A "state".', **wanted).module())  # type: ignore[arg-type]

    assert ast.unparse(ast.parse(path.read_text()).body[-1]) == f"scenario = Scenario({declared})"
    assert load_module(path)[0].description == "A 'state'."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["refrsh/x"], "there is no folder scenarios/refrsh; did you mean 'refresh'?"),
        (["other/x"], "there is no folder scenarios/other; make it first"),
        (["refresh/Not-One"], "Not-One names no module; take small letters, digits and '_'"),
        (["there"], "scenarios/refresh/there.py has this name; take another"),
        (["refresh/x", "--set", "acount_id=1"], "ChatGptAuth has no field 'acount_id'; did you"),
        (
            ["refresh/x", "--answer", "token"],
            "Invalid value for '--answer': 'token' is no ENDPOINT",
        ),
        (["refresh/x", "--config", "a=1", "--config", "a.b=1"], "--config a.b: a has a value"),
    ],
)
def test_what_is_no_state_is_refused(
    project: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a line that says what to give instead; nothing is written."""
    assert main(["new", *arguments]) == 2

    assert capsys.readouterr().err.startswith(f"error: {says}")
    assert [path.name for path in project.rglob("*.py")] == ["there.py"]


def test_state_is_written_run_and_expected(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The module is shown, then what Codex did; with ``--expect`` that is what it expects."""
    told = ["--say", "No usage.", "--answer", "usage=500", "--expect"]
    assert main(["new", "refresh/no_usage", *told]) == 0

    said = capsys.readouterr().out
    path = project / "refresh" / "no_usage.py"
    assert said.startswith('scenarios/refresh/no_usage.py:\n\n"""No usage."""\n')
    assert "\n# no_usage on Codex 0.163.0: 1 of 13 probes saw something else; what " in said
    assert "\n+    expect=Expect(limits=Limits(" in said
    (declared,) = load_module(path)
    assert declared.scenario.expect.limits.error.code == -32603


def test_on_a_terminal_it_is_asked_for(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thing after the other; Enter takes what is proposed, or ends a list."""
    monkeypatch.setattr("harness.catalogue.new_command.is_terminal", lambda: True)
    answers = ["", "api-key", "api_key=sk-scenario-other-key", "", "", "", "A=1", "", "n"]

    done = CliRunner().invoke(new, ["refresh/asked"], input="\n".join(answers) + "\n")

    assert done.exit_code == 0, done.output
    assert (project / "refresh" / "asked.py").read_text() == (
        '"""Asked."""\n\nfrom harness import ApiKeyAuth, Scenario\n\n'
        "scenario = Scenario(auth=ApiKeyAuth(api_key='sk-scenario-other-key'), env={'A': '1'})\n"
    )
    assert "# asked on Codex 0.163.0: 13 probes saw what is expected" in done.output
