"""``observe``, ``compare``, ``bisect``, ``history``, ``changes`` and ``soak``: what releases do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

import click

from harness import arguments
from harness.arguments import say_aside
from harness.codex.store import Store
from harness.declare.chosen import Chosen
from harness.drift import questions
from harness.drift.changed import changed
from harness.drift.observe import say_all, say_surprises
from harness.drift.sharing import sharing as say_shared
from harness.drift.soak import soak as soak_scenarios
from harness.results import Results


@click.command
@arguments.scenario
@arguments.codex
@click.option("--json", "data", is_flag=True, help="Print all that was seen, as JSON lines.")
def observe(scenario: str, codex: str, *, data: bool) -> None:
    """Run a scenario and say what Codex does.

    What differs from what is expected is printed as the expectation to paste.
    A module with variants stands for all of them: expired_refresh_dead,
    expired_refresh_dead[reused], expired_refresh_dead[reused]::turn.
    """
    chosen = Chosen.parse(scenario, arguments.directory())
    for one in Store(tell=say_aside).resolve([codex]):
        (say_all if data else say_surprises)(chosen, one, click.echo)


@click.command(context_settings={"ignore_unknown_options": True})
@arguments.old
@arguments.new
@click.argument("pytest", nargs=-1, type=click.UNPROCESSED)
def compare(old: str, new: str, pytest: Sequence[str]) -> None:
    """Say cell by cell what two releases do differently.

    OLD and NEW are releases, pinned, latest, or paths. What follows goes to pytest: modules,
    or -k and an expression. How their protocols differ is said as well.
    """
    questions.compare(old, new, pytest, click.echo)


@click.command
@arguments.scenario
@arguments.old
@arguments.new
def bisect(scenario: str, old: str, new: str) -> None:
    """Find the first release that does something else than OLD.

    OLD and NEW are the numbers of releases; it takes log2 steps between them.
    """
    questions.bisect(scenario, old, new, click.echo)


@click.command
@arguments.scenario
@click.argument("releases", nargs=-1, shell_complete=arguments.complete_codex)
def history(scenario: str, releases: Sequence[str]) -> None:
    """Say where a scenario changed, release by release.

    Without RELEASES, those that are downloaded.
    """
    installed = [str(version) for version in Store().installed()]
    questions.history(scenario, releases or installed, click.echo)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("pytest", nargs=-1, type=click.UNPROCESSED)
def sharing(pytest: Sequence[str]) -> int:
    """Prove that sharing stages hides nothing: run both ways and compare.

    All arguments go to pytest: modules, --codex, or -k and an expression.
    """
    return bool(say_shared(pytest, click.echo))


@click.command
@click.argument("old", metavar="OLD.jsonl", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.jsonl", type=click.Path(path_type=Path))
def changes(old: Path, new: Path) -> None:
    """Say what changed since a stored run, as Markdown.

    It fits into a comment on GitHub. Runs on one release each are compared whatever these are.
    """
    click.echo(changed(Results.read(old), Results.read(new)), nl=False)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--runs",
    type=click.IntRange(min=2),
    default=20,
    show_default=True,
    help="How often everything is run.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Decides the order of each run; by default chance does.",
)
@click.argument("pytest", nargs=-1, type=click.UNPROCESSED)
def soak(runs: int, seed: int | None, pytest: Sequence[str]) -> bool:
    """Run the scenarios again and again, and say which cells differ.

    Every core is kept busy, and the order is another each time. What follows goes to pytest:
    modules, or -k and an expression.
    """
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    return soak_scenarios(runs, chosen, pytest, click.echo) > 0
