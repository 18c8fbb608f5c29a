"""The documents tell the truth: their modules run, their sessions and names exist."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import click
import pytest
from running import ROOT, run_suite, write_scenarios

import harness
from codex_auth_scenarios import states
from harness.__main__ import COMMANDS, NAME, SECTIONS, main, program
from harness.catalogue.catalogue import Catalogue
from harness.codex.releases import local_codex, matching_releases
from harness.declare.chosen import Chosen
from harness.declare.modules import load_module, module_paths
from harness.declare.releases import known_releases
from harness.shards.shard import Shard

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/machines.md",
    "docs/reading.md",
    "docs/releases.md",
    "docs/speed.md",
    "docs/your-client.md",
)
"""What is written by hand for people who use it or add to it."""

BY_CI = (
    "against",
    "bench",
    "docs",
    "env",
    "format",
    "growth",
    "known",
    "lint",
    "mutants",
    "sharing",
    "tests",
    "types",
)
"""Sessions that CI runs itself, or that are too dear, or change files: they are looked up only."""

OF_CLIENTS = tuple(SECTIONS["Your client"])
"""Commands of the installed program, which are for other projects."""

OF_PYTEST = re.compile(r"scenarios|releases|release-.+|scenario-.+")


def _blocks(document: str, kind: str) -> list[str]:
    text = (ROOT / document).read_text()
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _snippets(document: str) -> list[str]:
    return [block for block in _blocks(document, "python") if block.startswith('"""')]


def _console() -> list[str]:
    """Return every command that a document tells somebody to type."""
    lines = [
        line
        for document in DOCUMENTS
        for block in _blocks(document, "console")
        for line in block.splitlines()
    ]
    return list(dict.fromkeys(" ".join(shlex.split(line, comments=True)) for line in lines))


def _inline() -> set[str]:
    """Return every nox command that stands in the text."""
    texts = ((ROOT / document).read_text() for document in DOCUMENTS)
    return {command for text in texts for command in re.findall(r"`(nox -s [^`]+)`", text)}


def _reduced(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return what pytest is told beside releases, and one module where it would be all."""
    kept = [one for one in arguments if one != "--update"]
    for option in ("--codex", "--shard", "--results"):
        while option in kept:
            at = kept.index(option)
            _check(option, kept[at + 1])
            del kept[at : at + 2]
    everything = not any(one.startswith("scenarios/") for one in kept)
    return (*kept, *(["scenarios/refresh/expired.py"] if everything else []))


def _check(option: str, value: str) -> None:
    """Fail if the plugin would not take an option that is left out here."""
    if option == "--codex":
        assert local_codex(value) or matching_releases(value, known_releases())
    elif option == "--shard":
        Shard.parse(value, {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2"})


def _runs() -> set[tuple[str, ...]]:
    """Return what the documents tell pytest, reduced."""
    words = [shlex.split(command) for command in _console()]
    return {_reduced(one[4:]) for one in words if one[0] == "nox" and OF_PYTEST.fullmatch(one[2])}


RUNS = _runs()


def test_scenario_of_the_readme_is_green(tmp_path: Path) -> None:
    """The module that the README shows runs as it is, and passes."""
    (snippet,) = _snippets("README.md")
    directory = write_scenarios(tmp_path, {"example": snippet})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert (set(), set(), 0) == (outcome.failed, outcome.errors, outcome.exit_code)


def test_first_step_of_the_guide_is_red_where_it_says(tmp_path: Path) -> None:
    """The module of the contributor's guide, without its expectation, shows what to expect."""
    (snippet,) = _snippets("CONTRIBUTING.md")
    directory = write_scenarios(tmp_path, {"usage_down": snippet})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert {"scenarios/usage_down.py::limits"} == outcome.failed


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_in_documents_is_python(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no whole module is a part of one: its words exist and take what they are given."""
    (tmp_path / "states").mkdir()
    monkeypatch.chdir(tmp_path)
    words = {name: getattr(harness, name) for name in harness.__all__}
    of_tests = {"pytest": pytest, "subprocess": subprocess, "states": states}
    for block in _blocks(document, "python"):
        if not block.startswith('"""'):
            exec(block, words | of_tests)  # noqa: S102


@pytest.mark.parametrize("document", [*DOCUMENTS, "docs/external-auth.md", "CHANGELOG.md"])
def test_links_lead_somewhere(document: str) -> None:
    """Each file that a document points to is there."""
    path = ROOT / document
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.fixture(scope="session")
def sessions() -> frozenset[str]:
    """Return the names of all nox sessions, but for those of single scenarios and releases."""
    text = (ROOT / "noxfile.py").read_text()
    return frozenset(re.findall(r"^def ([a-z]+)\(session", text, re.MULTILINE))


def test_sessions_exist(sessions: frozenset[str]) -> None:
    """Every nox session that stands in a text is defined."""
    text = "\n".join((ROOT / document).read_text() for document in DOCUMENTS)

    assert set(re.findall(r"nox -s ([a-z]+)\b(?!-)", text)) - sessions == set()


def test_first_commands_are_those_of_ci() -> None:
    """A newcomer's two commands, to the letter."""
    ci = (ROOT / ".ci" / "run").read_text()
    first, second = (block.strip() for block in _blocks("README.md", "console")[:2])

    assert first in ci
    assert second in ci


@pytest.mark.parametrize("command", _console())
def test_command_does_what_it_is_told(
    command: str,
    sessions: frozenset[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """It is run, as far as it needs nothing but the pinned Codex and a moment.

    What asks other releases is read by the program, down to the names of scenarios, and not run:
    each is a download. Runs are collected by the test below.
    """
    if command.startswith(("python3 -m venv", ".venv/bin/nox")):
        return  # Those of CI.
    if command.startswith("eval $("):
        command = command.removeprefix("eval $(").removesuffix(")")
        assert main(shlex.split(command)[1:]) == 0
        return
    if command.startswith("pip install "):
        return  # The session `package` does.
    if command.startswith(f"{NAME} "):
        _, name, *arguments = shlex.split(command.replace("~", str(tmp_path)))
        (tmp_path / ".codex").mkdir()
        (tmp_path / ".codex" / "auth.json").touch()
        _read(name, arguments)
        return
    nox, option, session, *rest = shlex.split(command)
    assert (nox, option) == ("nox", "-s")
    arguments = rest[1:]
    assert rest[:1] in ([], ["--"])
    if OF_PYTEST.fullmatch(session):
        assert _reduced(arguments) in RUNS
    elif session in BY_CI:
        assert session in sessions
    elif session == "new":
        _copy(tmp_path, arguments[0])
        monkeypatch.chdir(tmp_path)
        assert main([session, *arguments]) == 0
        assert "probes saw" in capfd.readouterr().out
    elif session == "explain":
        assert main([session, *arguments]) == 0
    else:
        _read(session, arguments)


@pytest.mark.parametrize("command", sorted(_inline()))
def test_command_in_the_text_is_read(command: str) -> None:
    """Its options exist; where it names no place to fill in, so does what it names."""
    _, _, session, *rest = shlex.split(command)
    if rest and session in COMMANDS and not any(word.isupper() for word in rest):
        _read(session, rest[1:])


@pytest.mark.parametrize("arguments", sorted(RUNS), ids=" ".join)
def test_run_finds_its_cells(arguments: Sequence[str]) -> None:
    """On the pinned Codex, without running them: CI runs all of them anyway."""
    outcome = run_suite("--collect-only", "-q", *arguments)

    assert (outcome.exit_code, "::" in outcome.text) == (0, True), outcome.text


def _read(name: str, arguments: Sequence[str]) -> None:
    """Let the program read a command, without doing it."""
    command = program.get_command(click.Context(program), name)
    assert command
    told = command.make_context(name, list(arguments)).params
    if "scenario" in told:
        Chosen.parse(told["scenario"], ROOT / "scenarios")
    for word in filter(None, (told.get("codex"), told.get("old"), told.get("new"))):
        is_file = isinstance(word, Path)
        assert is_file or local_codex(word) or matching_releases(word, known_releases())


def _copy(directory: Path, name: str) -> None:
    """Make a project with the folder that a new module goes into."""
    folder = directory / "scenarios" / Path(name).parent
    folder.mkdir(parents=True)


def test_program_is_told_completely() -> None:
    """Every command of the program has a session, which the guide lists."""
    text = (ROOT / "CONTRIBUTING.md").read_text()

    of_project = {*COMMANDS} - {*OF_CLIENTS, "completion"}

    assert [name for name in of_project if f"`nox -s {name}" not in text] == []


def test_program_is_told_completely_to_clients() -> None:
    """Every command for the tests of others stands in their document."""
    text = (ROOT / "docs" / "your-client.md").read_text()

    assert [name for name in OF_CLIENTS if not re.search(rf"(`|{NAME} ){name} ", text)] == []


def test_external_auth_is_told_completely() -> None:
    """Each row of the document names a probe of a scenario; each such scenario has a row."""
    text = (ROOT / "docs" / "external-auth.md").read_text()
    rows = re.findall(r"^\|.*\| `(\w+)` \| `(\w+)` \|$", text, re.MULTILINE)
    declared = {path.stem: load_module(path) for path in module_paths(ROOT / "scenarios")}
    probes = {name: one.scenario.probes for name, (one, *_) in declared.items()}
    external = {name for name in declared if name.startswith("external_")}

    assert [row for row in rows if row[1] not in probes.get(row[0], ())] == []
    assert external - {scenario for scenario, _ in rows} == set()
    assert len(rows) == text.count("\n|") - 2 * text.count("|---|---|---|")


def test_written_documents_are_up_to_date() -> None:
    """The documents say what the modules declare, and every test of Codex is claimed or listed."""
    assert [] == Catalogue(ROOT).check()


def test_harness_exports_what_it_says() -> None:
    """Every name in ``__all__`` can be imported."""
    assert [name for name in harness.__all__ if not hasattr(harness, name)] == []


@pytest.mark.parametrize("path", module_paths(ROOT / "scenarios"), ids=lambda path: path.stem)
def test_shipped_module_is_short(path: Path) -> None:
    """A scenario module loads; a table of many answers says what is right in less than 80 lines."""
    load_module(path)

    assert _length(path) < 80


def test_typical_module_is_shorter() -> None:
    """Half of them need no more than thirty lines beside their imports and deviations."""
    assert median(map(_length, module_paths(ROOT / "scenarios"))) <= 30


def _length(path: Path) -> int:
    text = path.read_text()
    imports = [one for one in ast.parse(text).body if isinstance(one, ast.ImportFrom)]
    imported = sum((one.end_lineno or one.lineno) - one.lineno + 1 for one in imports)
    return len(text.partition("    deviations=")[0].splitlines()) - imported
