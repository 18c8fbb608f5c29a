"""``explain`` and ``docs``: what is declared, one state in the open or all of them listed."""

from __future__ import annotations

from pathlib import Path

import click

from harness import arguments
from harness.catalogue.catalogue import Catalogue
from harness.catalogue.explain import explain as say_explained
from harness.codex.store import Store
from harness.declare.chosen import Chosen


@click.command
@click.option("--check", is_flag=True, help="Only say what is stale or unclaimed.")
def docs(*, check: bool) -> int:
    """Write the documents of what the scenarios declare.

    The exit code is 1 where something is still wrong.
    """
    catalogue = Catalogue(Path())
    wrong = catalogue.check() if check else catalogue.write()
    for line in wrong:
        click.echo(line, err=True)
    return int(bool(wrong))


@click.command
@arguments.scenario
@arguments.codex
def explain(scenario: str, codex: str) -> None:
    """Print what a state consists of: files, environment, answers.

    Tokens stand there by name, as in every report. Then comes what is expected of Codex,
    and which releases deviate and why.
    """
    chosen = Chosen.parse(scenario, arguments.directory())
    (one, *_) = Store(tell=arguments.say_aside).resolve([codex])
    for declared in chosen.scenarios:
        say_explained(declared, one, click.echo)
