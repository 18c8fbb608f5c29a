"""``run``, ``serve``, ``materialize`` and ``check``: the states for a client of your own."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import asdict

from harness import arguments
from harness.client.check import check as check_copy
from harness.client.check import table
from harness.client.control import Control
from harness.client.copied import Copied
from harness.client.environment import shell_lines
from harness.client.materialize import NOWHERE
from harness.client.materialize import materialize as write_state
from harness.client.run import run as run_client
from harness.client.serve import Served
from harness.client.state import installed_codex
from harness.codex.binary import Codex
from harness.codex.store import Store
from harness.declare.states import find_state
from harness.reaper import Run

state = click.argument("state", metavar="STATE", shell_complete=arguments.complete_state)
"""A state: ``expired``, ``refresh/expired``, ``expired_refresh_dead[reused]``, ``mine.py``."""

folders = click.option(
    "--states",
    "folders",
    metavar="FOLDER",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Find scenario modules of your own here, too; may be given several times.",
)

codex = click.option(
    "--codex",
    metavar="CODEX",
    shell_complete=arguments.complete_codex,
    help="The release, or the path, of the Codex that the expectations are for.",
)


@click.command
@state
@folders
@codex
@click.option("--expect", is_flag=True, help="Hold what the state expects against what happened.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    state: str, folders: Sequence[Path], codex: str | None, command: Sequence[str], *, expect: bool
) -> int:
    """Run COMMAND in a state, and say what came of it.

    Its environment leads it to a codex home in that state and to a fake OpenAI. What it asked of
    that, and what has become of the home, is said on standard error when it has ended. The exit
    code is that of COMMAND; with --expect it is 1 where COMMAND ends with 0, but not as expected.
    """
    declared = find_state(state, folders)
    return run_client(declared, command, _codex(codex), arguments.say_aside, expect=expect)


@click.command
@state
@folders
@codex
def serve(state: str, folders: Sequence[Path], codex: str | None) -> None:
    """Keep a state up for clients in any language.

    Prints the environment of a client as lines for a shell, then closes standard output. Ends with
    SIGINT or SIGTERM, or when standard input does, if that is a pipe or a terminal. What was asked
    and what has become of the home, CODEX_STATE_CONTROL tells by HTTP: see docs/serve.md.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    declared = find_state(state, folders)
    with (
        Run() as ours,
        Served(declared, _codex(codex), ours.directory, folders) as served,
        Control(served) as control,
    ):
        about = served.about()
        environment = {
            **about["environment"],
            "CODEX_STATE_CONTROL": control.url,
            "CODEX_STATE_PID": str(os.getpid()),
        }
        for line in shell_lines(environment, about["unset"]):
            click.echo(line)
        _close_output()
        threading.Thread(target=_wait_for_end, args=[over], daemon=True).start()
        over.wait()


@click.command
@state
@folders
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--backend",
    metavar="URL",
    default=NOWHERE,
    show_default=True,
    help="The address of the OpenAI that clients are led to; by default nobody is there.",
)
def materialize(state: str, folders: Sequence[Path], directory: Path, backend: str) -> None:
    """Write the codex home of a state into DIR, with the environment that leads there.

    DIR is made, or empty. Prints the name of the file with the environment: . DIR/env
    """
    click.echo(write_state(find_state(state, folders), directory, backend))


@click.command
@click.argument("path", metavar="FILE|HOME", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--codex",
    "words",
    metavar="CODEX",
    multiple=True,
    shell_complete=arguments.complete_codex,
    help="A release, a range, latest, pinned, or a path; by default all that are here.",
)
@click.option("--json", "data", is_flag=True, help="Print a JSON object by release instead.")
def check(path: Path, words: Sequence[str], *, data: bool) -> bool:
    """Say what releases of Codex make of an auth.json, or of a home.

    A copy is tried on the real binary beside a fake OpenAI: nothing of yours is written, printed
    or sent. The exit code is 0 if all of the releases accept it, else 1.
    """
    findings = check_copy(Copied.of(path), _codexes(words))
    if data:
        click.echo(json.dumps({one: asdict(finding) for one, finding in findings.items()}))
    else:
        for line in table(findings):
            click.echo(line)
    return not all(finding.accepted for finding in findings.values())


def _codexes(words: Sequence[str]) -> Sequence[Codex]:
    """Return every Codex that is meant, the oldest first; by default all that are here."""
    store = Store(tell=arguments.say_aside)
    here = [str(one) for one in store.installed()]
    found = store.resolve(words or [*here, *(["pinned"] if installed_codex() or not here else [])])
    return sorted(found, key=lambda codex: codex.release)


def _codex(word: str | None) -> Codex | None:
    """Return the Codex that a word means; ``None``: the one that is installed, if any is."""
    return Store(tell=arguments.say_aside).resolve([word])[0] if word else None


def _close_output() -> None:
    """End standard output, for which whoever reads the environment waits."""
    sys.stdout.flush()
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _wait_for_end(over: threading.Event) -> None:
    """Wait for the end of standard input, if somebody holds the other end of it."""
    source = sys.stdin.fileno()
    mode = os.fstat(source).st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(source):
        while os.read(source, 1024):
            pass
        over.set()
