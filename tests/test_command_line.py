"""The program: what it says of itself, of mistakes, and to a shell that completes."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.__main__ import COMMANDS, NAME, main


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a project with two modules, one of them with variants, in which commands are given."""
    directory = tmp_path / "scenarios" / "in"
    directory.mkdir(parents=True)
    for name, declared in {
        "one": "scenario = Scenario()",
        "once_more": "scenarios = {'a': Scenario(), 'b': Scenario(stages=['session'])}",
    }.items():
        text = f'"""Module {name}."""\nfrom harness import Scenario\n{declared}\n'
        (directory / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each can be imported, is called as it is listed, and says in a line what it does."""
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert main([name, "--help"]) == 0

    said = capsys.readouterr().out
    assert said.startswith(f"Usage: {NAME} {name}")
    assert f"  {said.splitlines()[2].strip().split(' ')[0]} " in listed


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bisct"], "No such command 'bisct'. Did you mean 'bisect'? See: {name} --help"),
        (["observe"], "Missing argument 'NAME[::PROBE]'. See: {name} observe --help"),
        (
            ["observe", "one", "--jsn"],
            "No such option '--jsn'. Did you mean '--json'? See: {name} observe --help",
        ),
        (["observe", "on"], "there is no on.py in scenarios/; did you mean 'one'?"),
        (["cache", "--remove", "x"], "--remove x: no release; write 0.156.0, or all"),
    ],
)
def test_mistake_is_one_line_that_says_what_to_do(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback; the exit code is 2."""
    exit_code = main(arguments)

    assert (exit_code, capsys.readouterr().err) == (2, f"error: {says.format(name=NAME)}\n")


def test_no_command_is_answered_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, and the exit code is 2: nothing has been done."""
    assert main([]) == 2
    assert capsys.readouterr().err.startswith(f"Usage: {NAME} [OPTIONS] COMMAND")


# Completion.


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["obs"], ["observe"]),
        (["observe", "on"], ["once_more", "one"]),
        (["observe", "onc"], ["once_more", "once_more[a]", "once_more[b]"]),
        (["observe", "once_more[b"], ["once_more[b]", "once_more[b]::"]),
        # Bash splits a word at colons, and replaces what follows them.
        (["observe", "one", "::", "lim"], ["limits"]),
        (["observe", "once_more[b]", "::", "l"], ["limits"]),
        (["observe", "one", "--codex", "pin"], ["pinned"]),
        (["bisect", "one", "0.98."], ["0.98.0"]),
        (["completion", "z"], ["zsh"]),
    ],
)
def test_bash_completes(
    words: list[str],
    found: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Commands, scenarios, variants, probes and releases."""
    monkeypatch.setenv("_CODEX_AUTH_SCENARIOS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join([NAME, *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    with pytest.raises(SystemExit):
        main()

    assert [f"plain,{one}" for one in found] == capfd.readouterr().out.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_script_of_a_shell(
    shell: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It asks the program by the variable that the program looks for."""
    assert main(["completion", shell]) == 0
    assert f"_CODEX_AUTH_SCENARIOS_COMPLETE={shell}_complete" in capfd.readouterr().out
