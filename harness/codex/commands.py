"""``cache`` and ``known``: the releases that are here, and those that there are."""

from __future__ import annotations

from collections.abc import Sequence

import click
from packaging.version import InvalidVersion, Version

from harness.arguments import complete_installed
from harness.codex.releases import listed_releases
from harness.codex.store import Store
from harness.declare.releases import KNOWN, known_releases
from harness.errors import PlainError

ALL = "all"


@click.command
@click.option(
    "--remove",
    metavar="RELEASE",
    multiple=True,
    shell_complete=complete_installed,
    help="Remove this one, or all; may be given several times.",
)
def cache(remove: Sequence[str]) -> None:
    """List the releases of Codex that are downloaded, or remove them."""
    store = Store()
    for version in store.remove(store.installed() if ALL in remove else map(_version, remove)):
        click.echo(f"removed {version}")
    for version, codex in store.installed().items():
        size = codex.path.stat().st_size / 1e6
        click.echo(f"{version!s:<12}{size:6.0f} MB  {codex.path}")


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        message = f"--remove {text}: no release; write 0.156.0, or all"
        raise PlainError(message) from error


@click.command
def known() -> None:
    """List anew which releases of Codex there are."""
    before = known_releases()
    # One of the indexes may not have answered.
    there = sorted({*before, *listed_releases()})
    KNOWN.write_text("".join(f"{release}\n" for release in there), encoding="utf-8")
    added = ", ".join(str(release) for release in there if release not in before)
    click.echo(f"{len(there)} releases of Codex, new: {added or 'none'}")
