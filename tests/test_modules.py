"""From modules to scenarios: what a module may declare, and what each mistake in one costs."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from running import cells, run_suite, write_scenarios

from harness.codex.binary import pinned_codex
from harness.declare.modules import ModuleError, load_module, module_paths
from harness.declare.scenario import Scenario
from harness.report.verdicts import FAULT
from harness.seen.records import probes_of

GOOD = '''"""Signed out."""
from harness import Scenario
scenario = Scenario()
'''

SEVERAL = '''"""Signed out, in two ways.

The rest of the description.
"""
from harness import NoAuth, Scenario
scenarios = {"plain": Scenario(), "said.so-2": Scenario(auth=NoAuth())}
'''

IMPORT = (
    '"""An auth state."""\nfrom harness import Backend, Expect, Scenario, Turn, signed_in, slow\n'
)

DECLARE = "assign one: scenario = Scenario(…), or several: scenarios = {'variant': Scenario(…)}"

# Source, line of the mistake, message.
MISTAKES = {
    "syntax error": (
        IMPORT + "scenario = Scenario(\n",
        3,
        "syntax error: '(' was never closed",
    ),
    "no docstring": (
        "from harness import Scenario\nscenario = Scenario()\n",
        1,
        "no docstring; open the module with one that describes the auth state",
    ),
    "unknown field": (
        IMPORT + "scenario = Scenario(atuh=signed_in())\n",
        3,
        (
            "Scenario has no field 'atuh'; did you mean 'auth'?"
            " (it takes auth, config, env, backend, host, story, requirements, reaches, layout,"
            " taken_for, stages, lasts, expect, applies, deviations, upstream, reports)"
        ),
    ),
    "unknown field, nested": (
        IMPORT + "scenario = Scenario(\n    expect=Expect(\n        turn=Turn(outcom='x')))\n",
        5,
        (
            "Turn has no field 'outcom'; did you mean 'outcome'?"
            " (it takes outcome, message, kind, bearers, account_ids, fedramp, host,"
            " answer, notifications, seconds)"
        ),
    ),
    "dotted key": (
        IMPORT + "scenario = Scenario(config={'a.b': 1})\n",
        3,
        "'config' takes tables, not 'a.b': {'a': {'b': …}}",
    ),
    "seconds that are none": (
        IMPORT + "scenario = Scenario(backend=Backend(token=slow('x')))\n",
        3,
        "'after' takes int or float, not 'x'",
    ),
    "unknown probe": (
        IMPORT + "scenario = Scenario(expect=Expect(trun=Turn()))\n",
        3,
        (
            "Expect has no field 'trun'; did you mean 'turn'? (it takes start, login, read,"
            " status, limits, turn, next_turn, story, home, requests, restart, refresh, neighbour,"
            " logout, cli_status, cli_logout, wire, traces)"
        ),
    ),
    "unknown endpoint": (
        IMPORT + "scenario = Scenario(backend=Backend(model=slow(1)))\n",
        3,
        (
            "Backend has no field 'model'; did you mean 'models'? (it takes token, revoke,"
            " responses, models, accounts_check, usage, reset_credits, settings,"
            " config_bundle, config_requirements, code, api_key, usercode, device, whoami, jwks,"
            " task, workspace_token, nudge, workspaces)"
        ),
    ),
    "unknown claim": (
        IMPORT + "scenario = Scenario(auth=signed_in(plan='pro'))\n",
        3,
        (
            "ChatGptAuth has no field 'plan'; did you mean 'plan_type'? (it takes access_token,"
            " refresh_token, account_id, claims, last_refresh, email, plan_type, chatgpt_user_id,"
            " chatgpt_account_id)"
        ),
    ),
    "wrong type": (
        IMPORT + "scenario = Scenario(auth='token')\n",
        3,
        (
            "'auth' takes ChatGptAuth or ApiKeyAuth or PersonalAccessToken or AgentIdentity or"
            " EditedAuth or RawAuth or NoAuth, not 'token'"
        ),
    ),
    "wrong type, nested": (
        IMPORT + "scenario = Scenario(\n    auth=signed_in(email=3))\n",
        4,
        "'email' takes str or None, not 3",
    ),
    "wrong type in a table": (
        IMPORT + "scenario = Scenario(env={'A': 1})\n",
        3,
        "'env' maps text to str or PersonalAccessToken or AgentIdentity, not 'A' to 1",
    ),
    "unknown test of Codex": (
        IMPORT + "scenario = Scenario(\n    upstream={'logout': ['logout_removes_auth_files']})\n",
        3,
        (
            "'upstream' names no known test of Codex for 'logout': 'logout_removes_auth_files';"
            " did you mean 'logout_removes_auth_file'? (upstream.toml lists them)"
        ),
    ),
    "test of Codex that is out of reach": (
        IMPORT + "scenario = Scenario(upstream={'turn': ['thread_start_requires_auth']})\n",
        3,
        (
            "'upstream' claims for 'turn' what upstream.toml calls out of reach:"
            " 'thread_start_requires_auth', it pins a refusal that no release has: threads start"
            " without a sign-in; drop the claim, or the reason there"
        ),
    ),
    "variable of the harness": (
        IMPORT + "scenario = Scenario(env={'https_proxy': ''})\n",
        3,
        "'env' cannot set https_proxy: it keeps Codex on this machine",
    ),
    "unknown import": (
        '"""An auth state."""\nfrom harness import Scenaro\n',
        2,
        "harness has no 'Scenaro'; did you mean 'Scenario'?",
    ),
    "unknown name": (
        IMPORT + "scenario = Scenaro()\n",
        3,
        "name 'Scenaro' is not defined; did you mean 'Scenario'?",
    ),
    "no scenario": (
        IMPORT,
        1,
        f"declares no scenario; {DECLARE}",
    ),
    "scenario and scenarios": (
        IMPORT + "scenario = Scenario()\nscenarios = {'one': scenario}\n",
        1,
        "declares both 'scenario' and 'scenarios'; keep one of them",
    ),
    "no Scenario": (
        IMPORT + "scenario = 'signed in'\n",
        3,
        "'scenario' takes Scenario(…), not 'signed in'",
    ),
    "variants in a list": (
        IMPORT + "scenarios = [Scenario()]\n",
        3,
        "'scenarios' takes {'variant': Scenario(…), …}",
    ),
    "no variants": (
        IMPORT + "scenarios = {}\n",
        3,
        "'scenarios' takes {'variant': Scenario(…), …}",
    ),
    "bad variant name": (
        IMPORT + "scenarios = {'one or two': Scenario()}\n",
        3,
        "the variant 'one or two' takes letters, digits, '_', '-' and '.' only",
    ),
    "empty variant name": (
        IMPORT + "scenarios = {'': Scenario()}\n",
        3,
        "the variant '' takes letters, digits, '_', '-' and '.' only",
    ),
    "variant that is no text": (
        IMPORT + "scenarios = {1: Scenario()}\n",
        3,
        "the variant 1 takes letters, digits, '_', '-' and '.' only",
    ),
    "duplicate variant": (
        IMPORT + "scenarios = {\n    'one': Scenario(),\n    'one': Scenario(),\n}\n",
        5,
        "duplicate id: the variant 'one' is declared twice; rename one",
    ),
    "exception": (
        IMPORT + "\nscenario = Scenario(env={'A': str(1 / 0)})\n",
        4,
        "ZeroDivisionError: division by zero",
    ),
    "exception in a function": (
        IMPORT + "def make():\n    return {}['key']\nscenario = make()\n",
        4,
        "KeyError: 'key'",
    ),
    "SystemExit": (
        IMPORT + "raise SystemExit(3)\n",
        3,
        "SystemExit: 3",
    ),
}


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty directory of scenarios, in the project where the user stands."""
    monkeypatch.chdir(tmp_path)
    directory = tmp_path / "scenarios"
    directory.mkdir()
    return directory


def write(path: Path, source: str) -> Path:
    """Write a module and return its path."""
    path.write_text(source)
    return path


def test_module_declares_one_scenario(scenarios: Path) -> None:
    """The id is the name of the module; the description is its docstring."""
    (declared,) = load_module(write(scenarios / "signed_out.py", GOOD))

    assert ("signed_out", "Signed out.", Scenario()) == (
        declared.id,
        declared.description,
        declared.scenario,
    )


def test_module_declares_variants(scenarios: Path) -> None:
    """Each variant is a scenario, in the order of the module, with its key in the id."""
    declared = load_module(write(scenarios / "out.py", SEVERAL))

    assert ["out[plain]", "out[said.so-2]"] == [one.id for one in declared]


def test_variants_share_the_description(scenarios: Path) -> None:
    """Every variant is described by the whole docstring."""
    declared = load_module(write(scenarios / "out.py", SEVERAL))

    assert {"Signed out, in two ways.\n\nThe rest of the description."} == {
        one.description for one in declared
    }


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (GOOD, [3]),
        (SEVERAL.replace(', "said', ',\n    "said'), [6, 7]),
        (GOOD + "scenarios = {name: scenario for name in 'ab'}\ndel scenario\n", [4, 4]),
    ],
    ids=["one", "variants", "computed"],
)
def test_scenario_says_its_line(scenarios: Path, source: str, lines: list[int]) -> None:
    """A variant has the line of its key, unless the keys are computed."""
    declared = load_module(write(scenarios / "one.py", source))

    assert lines == [one.line for one in declared]


def test_modules_are_found_by_name(scenarios: Path) -> None:
    """Modules come sorted; helpers, tests and other files are none."""
    for name in ("b.py", "a.py", "_shared.py", "test_a.py", "conftest.py", "notes.txt"):
        write(scenarios / name, "")

    assert ["a.py", "b.py"] == [path.name for path in module_paths(scenarios)]


def test_loading_writes_nothing(scenarios: Path) -> None:
    """No bytecode appears beside the modules."""
    path = write(scenarios / "signed_out.py", GOOD)

    load_module(path)

    assert [path] == list(scenarios.iterdir())


def test_loading_keeps_the_choice_about_bytecode(
    scenarios: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether Python writes bytecode is as before, even after a mistake."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    with pytest.raises(ModuleError):
        load_module(write(scenarios / "broken.py", IMPORT + "1 / 0\n"))

    assert not sys.dont_write_bytecode


@pytest.mark.parametrize(("source", "line", "text"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_one_message(scenarios: Path, source: str, line: int, text: str) -> None:
    """The message names the file, the line, what is wrong and how to mend it."""
    path = write(scenarios / "broken.py", source)

    with pytest.raises(ModuleError) as caught:
        load_module(path)

    assert f"scenarios/broken.py:{line}: {text}" == str(caught.value)


def test_mistake_elsewhere_is_named_in_full(
    scenarios: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A module that does not lie below the current directory is named by its whole path."""
    path = write(tmp_path_factory.mktemp("elsewhere") / "broken.py", IMPORT)

    with pytest.raises(ModuleError) as caught:
        load_module(path)

    assert f"{path}:1: declares no scenario; {DECLARE}" == str(caught.value)
    assert not path.is_relative_to(scenarios.parent)


def test_missing_module_is_a_mistake(scenarios: Path) -> None:
    """A file that is gone between its discovery and its loading is told as any other mistake."""
    with pytest.raises(ModuleError, match=r"^scenarios/gone\.py:1: cannot be read: "):
        load_module(scenarios / "gone.py")


# Through pytest.


def test_broken_module_costs_itself_alone(tmp_path: Path) -> None:
    """The cells of the others run and pass; the broken module is an error with its message."""
    broken, line, text = MISTAKES["unknown field, nested"]
    directory = write_scenarios(tmp_path / "project", {"broken": broken, "good": GOOD})

    outcome = run_suite("-v", "-n", "0", "--codex", pinned_codex(), "scenarios", cwd=directory)

    assert (FAULT, set(), {"scenarios/broken.py::module"}) == (
        outcome.exit_code,
        outcome.failed,
        outcome.errors,
    )
    assert f"\nscenarios/broken.py:{line}: {text}\n" in outcome.text
    assert all(f"{cell} PASSED" in outcome.text for cell in cells("good", probes_of("home")))


@pytest.mark.parametrize("named", ["scenarios", "scenarios/broken.py"])
def test_broken_module_shows_no_traceback(tmp_path: Path, named: str) -> None:
    """The message is all that the author of a module reads, beside a row of the table."""
    directory = write_scenarios(tmp_path / "project", {"broken": MISTAKES["SystemExit"][0]})

    outcome = run_suite("-n", "0", named, cwd=directory)

    assert outcome.errors == {"scenarios/broken.py::module"}

    assert "the module could not be loaded" in outcome.text
    assert [] == [line for line in outcome.text.splitlines() if "modules.py" in line]


# Folders.


def test_module_in_a_folder_runs_and_a_second_of_its_name_does_not(tmp_path: Path) -> None:
    """The name of a module is that of its state, wherever it lies."""
    directory = write_scenarios(tmp_path / "project", {"twice": GOOD})
    for folder in ("one", "_aside"):
        (directory / "scenarios" / folder).mkdir()
        for name in ("twice", folder):
            (directory / "scenarios" / folder / f"{name}.py").write_text(GOOD)

    outcome = run_suite("-n", "0", "--co", "-q", "scenarios", cwd=directory)

    assert {
        "scenarios/one/one.py::turn": True,
        "scenarios/one/twice.py::turn": True,
        "scenarios/twice.py::turn": False,
        "scenarios/twice.py::module": True,
        "scenarios/_aside/_aside.py::turn": False,
    } == {
        cell: f"\n{cell}\n" in outcome.text
        for cell in (
            "scenarios/one/one.py::turn",
            "scenarios/one/twice.py::turn",
            "scenarios/twice.py::turn",
            "scenarios/twice.py::module",
            "scenarios/_aside/_aside.py::turn",
        )
    }
