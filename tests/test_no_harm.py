"""A run harms nothing: not the user's home, not the network, not the machine it ran on."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import mutants
import psutil
import pytest
from running import Outcome, command, environment, run_suite, write_scenarios

from harness import reaper
from harness.codex.binary import find_codex, pinned_codex
from harness.report.verdicts import FAULT
from harness.results import Results
from harness.suite.preparations import Preparations
from harness.world.confine import _no_namespace

DEADLINE = 60

NO_AUTH = {
    "no_auth": '''
        """Signed out."""
        from harness import Scenario
        scenario = Scenario()
    '''.replace("\n        ", "\n")
}

UNLISTED = {
    "owner_unknown": '''
        """Without a user id, a refresh at the start leads 0.163.0 to its default hosts."""
        from harness import AccessToken, Scenario, signed_in, timedelta
        scenario = Scenario(auth=signed_in(
            chatgpt_user_id=None, access_token=AccessToken(expires_in=-timedelta(hours=1))
        ))
    '''.replace("\n        ", "\n")
}

WRONG = {
    "wrong": '''
        """An expectation that nothing meets."""
        from harness import Expect, Read, Scenario
        scenario = Scenario(expect=Expect(read=Read(account={"type": "nobody"})))
    '''.replace("\n        ", "\n")
}


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Return the directory that a run is given for its temporary files."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    return directory


@pytest.fixture
def decoy(tmp_path: Path) -> Path:
    """Return a codex home of the user's own, with which no Codex would start as expected."""
    home = tmp_path / "user" / ".codex"
    home.mkdir(parents=True)
    (home / "config.toml").write_text("this is = not TOML [")
    (home / "auth.json").write_text('{"OPENAI_API_KEY": "sk-the-users-own"}')
    return home


def test_users_home_is_neither_read_nor_written(decoy: Path, temporary: Path) -> None:
    """A codex home and credentials in the environment of the run reach no Codex under test."""
    before = _contents(decoy)

    outcome = run_suite(
        *("-n", "0", "scenarios/stored/no_auth.py", "scenarios/stored/api_key.py"),
        HOME=str(decoy.parent),
        CODEX_HOME=str(decoy),
        OPENAI_API_KEY="sk-the-users-own",
        CODEX_ACCESS_TOKEN="at-the-users-own",
        TMPDIR=str(temporary),
    )

    assert (0, before) == (outcome.exit_code, _contents(decoy))


def test_attempt_to_leave_the_machine_fails_the_scenario(tmp_path: Path) -> None:
    """The real Codex, led to a host that nobody serves, is refused, recorded and red."""
    directory = write_scenarios(tmp_path / "project", UNLISTED)

    outcome = run_suite("-n", "0", "-k", "requests", "scenarios", cwd=directory)

    assert {"scenarios/owner_unknown.py::requests"} == outcome.failed
    assert "requests.off the machine" in outcome.text
    assert "CONNECT chatgpt.com:443" in outcome.text


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("modules", [NO_AUTH, WRONG], ids=["success", "failure"])
def test_nothing_is_left_behind(
    tmp_path: Path, temporary: Path, modules: dict[str, str], workers: str
) -> None:
    """After success and failure there is no process and no file of the run."""
    directory = write_scenarios(tmp_path / "project", modules)

    run_suite("-n", workers, "scenarios", cwd=directory, TMPDIR=str(temporary))

    assert (_processes_of(temporary), list(temporary.iterdir())) == ([], [])


@pytest.mark.parametrize(
    ("variables", "room", "where"),
    [({}, 1 << 30, "memory"), ({}, 1 << 20, None), ({"TMPDIR": "/elsewhere"}, 1 << 30, None)],
    ids=["room", "too-little-room", "told-otherwise"],
)
def test_run_lies_in_memory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    room: int,
    where: str | None,
) -> None:
    """Unless there is no room, or the user wants it elsewhere."""
    memory = tmp_path / "memory"
    memory.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reaper, "MEMORY", memory)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=room))

    assert reaper._in_memory() == (memory if where else None)


def test_missing_codex_leaves_nothing_behind(temporary: Path) -> None:
    """A path that is no Codex is an error that names it, and costs nothing else."""
    outcome = run_suite(
        "-n", "0", "--codex", "/nowhere/codex", "scenarios/stored/no_auth.py", TMPDIR=str(temporary)
    )

    assert (set(), pytest.ExitCode.USAGE_ERROR) == (outcome.failed, outcome.exit_code)
    assert "ERROR: --codex /nowhere/codex cannot be run" in outcome.text
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_run_leaves_nothing_behind(
    tmp_path: Path, temporary: Path, number: signal.Signals, workers: str
) -> None:
    """A run that is interrupted or killed while a Codex hangs takes that Codex with it."""
    with _run_that_hangs(tmp_path, temporary, workers) as run:
        run.send_signal(number)
        run.wait(DEADLINE)

    assert (_await_end(temporary), list(temporary.iterdir())) == ([], [])


def test_run_that_is_killed_at_its_start_leaves_nothing_behind(
    tmp_path: Path, temporary: Path
) -> None:
    """Not even the Codex that is asked for its version, and its home."""
    codex = _codex_that_hangs(tmp_path, but_for=[])
    with _started(command("--codex", codex), tmp_path, temporary, codex) as run:
        run.send_signal(signal.SIGKILL)
        run.wait(DEADLINE)

    assert (_await_end(temporary), list(temporary.iterdir())) == ([], [])


def test_command_that_is_killed_leaves_nothing_behind(tmp_path: Path, temporary: Path) -> None:
    """As a run does not."""
    directory = write_scenarios(tmp_path / "project", NO_AUTH)
    codex = _codex_that_hangs(tmp_path, but_for=["--version"])
    words = [sys.executable, "-m", "harness", "observe", "no_auth", "--codex", str(codex)]
    with _started(words, directory, temporary, codex) as observing:
        observing.send_signal(signal.SIGKILL)
        observing.wait(DEADLINE)

    assert (_await_end(temporary), list(temporary.iterdir())) == ([], [])


ON_A_SMALL_DISK = 'mount -t tmpfs -o size=1m tmpfs "$0" && "$@"; echo "ended with $?"; ls -A "$0"'


@pytest.mark.skipif(bool(_no_namespace()), reason=f"no disk can be made: {_no_namespace()}")
def test_full_disk_is_a_fault_of_ours_and_leaves_nothing_behind(
    tmp_path: Path, temporary: Path
) -> None:
    """Whatever Codex does then says nothing about it."""
    directory = write_scenarios(tmp_path / "project", NO_AUTH)
    words = command("-n", "0", "scenarios")
    namespace = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK)

    ran = subprocess.run(
        [*namespace, temporary, *words],
        cwd=directory,
        env=environment(TMPDIR=str(temporary)),
        stdout=subprocess.PIPE,
        text=True,
        timeout=DEADLINE,
        check=False,
    )

    assert set() == Outcome(ran.returncode, ran.stdout).failed
    assert f"ended with {FAULT}" == ran.stdout.splitlines()[-1]
    assert _await_end(temporary) == []


def test_template_that_was_left_unfinished_is_made_anew(tmp_path: Path) -> None:
    """By a worker that was killed meanwhile."""
    codex = find_codex()
    digest = hashlib.sha256(bytes(codex.path)).hexdigest()[:16]
    (tmp_path / f"template-{digest}.unfinished").mkdir()

    assert Preparations(tmp_path).of(codex).template == tmp_path / f"template-{digest}"


def test_killed_workers_cost_their_cells_alone(tmp_path: Path, temporary: Path) -> None:
    """Each time a worker is killed, its cell is an error of ours; the others run, nothing stays."""
    directory = write_scenarios(tmp_path / "project", NO_AUTH)
    kills = tmp_path / "kills"
    kills.mkdir()
    codex = tmp_path / "codex"
    codex.write_text(
        f"#!{sys.executable}\n"
        "import os, pathlib, signal, sys\n"
        f"kill = pathlib.Path({str(kills)!r}, sys.argv[1])\n"
        "if sys.argv[1] in ('login', 'logout') and not kill.exists():\n"
        "    kill.touch()\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n"
        f"os.execv({str(pinned_codex())!r}, sys.argv)\n"
    )
    codex.chmod(0o755)
    results = tmp_path / "results.jsonl"

    outcome = run_suite(
        *("-n", "2", "--codex", codex, f"--results={results}", "scenarios"),
        cwd=directory,
        TMPDIR=str(temporary),
    )

    assert (2, set(), 2) == (len(list(kills.iterdir())), outcome.failed, len(outcome.errors))
    assert "11 passed" in outcome.text
    verdicts = [cell.verdict for cell in Results.read(results).cells]
    assert (verdicts.count("passed"), verdicts.count("error")) == (11, 2)
    assert (_await_end(temporary), list(temporary.iterdir())) == ([], [])


class _Started:
    """A run of the suite that is to be ended from outside; it is killed when left."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.send_signal = process.send_signal
        self.wait = process.wait

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def _run_that_hangs(tmp_path: Path, temporary: Path, workers: str) -> _Started:
    """Start a run on a Codex that ignores everything; return when that Codex is running."""
    directory = write_scenarios(tmp_path / "project", NO_AUTH)
    codex = _codex_that_hangs(tmp_path, but_for=["--version"])
    return _started(
        command("-n", workers, "--codex", codex, "scenarios"), directory, temporary, codex
    )


def _codex_that_hangs(tmp_path: Path, *, but_for: list[str]) -> Path:
    """Return a Codex that ignores everything, once it has opened the pipe beside it."""
    codex = tmp_path / "codex"
    os.mkfifo(codex.with_name("codex-is-running"))
    codex.write_text(
        f"#!{sys.executable}\n"
        "import os, signal, sys\n"
        f"if sys.argv[1:] == {but_for}:\n"
        "    raise SystemExit(print('codex-cli 0.0.0'))\n"
        "for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        f"open({str(codex.with_name('codex-is-running'))!r}, 'w').close()\n"
        "signal.pause()\n"
    )
    codex.chmod(0o755)
    return codex


def _started(words: list[str], cwd: Path, temporary: Path, codex: Path) -> _Started:
    """Start something on a Codex that hangs; return when that Codex is running."""
    process = subprocess.Popen(
        words,
        cwd=cwd,
        env=environment(TMPDIR=str(temporary)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    codex.with_name("codex-is-running").open().close()
    return _Started(process)


def _contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def _processes_of(temporary: Path) -> list[psutil.Process]:
    """Return the processes whose environment or command line names the directory."""
    return [process for process in psutil.process_iter() if _names(process, str(temporary))]


def _names(process: psutil.Process, directory: str) -> bool:
    try:
        said: Iterator[str] = iter([*process.environ().values(), *process.cmdline()])
    except psutil.Error:
        return False
    return any(directory in value for value in said)


def _await_end(temporary: Path) -> list[psutil.Process]:
    """Wait for the processes of a run to end; return those that do not."""
    _, alive = psutil.wait_procs(_processes_of(temporary), timeout=DEADLINE)
    return alive


def test_wrapper_that_calls_out_is_named(tmp_path: Path) -> None:
    """The host that a Codex tried to reach stands in the failure."""
    codex = mutants.write_mutant(tmp_path / "codex", mutants.CallsHome, pinned_codex())

    outcome = run_suite("-n", "0", "--codex", codex, "scenarios/stored/no_auth.py::cli_status")

    assert "CONNECT telemetry.example.com:443" in outcome.text
