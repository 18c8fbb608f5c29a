"""``docs``: the documents of what is declared."""

from __future__ import annotations

from pathlib import Path

import click

from harness.catalogue.catalogue import Catalogue


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
