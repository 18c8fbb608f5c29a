"""``report``: one page and a badge for each release, drawn from files of results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from harness.report.page.badge import badges
from harness.report.page.draw import page
from harness.report.page.gather import gather

RESULTS: Final = Path("results")

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command
@click.argument("results", metavar="[RESULTS.jsonl]...", nargs=-1, type=FILE)
@click.option(
    "--output",
    type=FILE,
    default=RESULTS / "report.html",
    show_default=True,
    help="Where the page goes.",
)
@click.option(
    "--badges",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also draw a badge for each release, codex-RELEASE.svg, in this directory.",
)
def report(results: Sequence[Path], output: Path, directory: Path | None) -> None:
    """Draw results as one page that opens from a file.

    By default those are all files in results/. Where several have a cell, the newest counts.
    """
    gathered = gather(results or sorted(RESULTS.glob("*.jsonl")))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(gathered), encoding="utf-8")
    click.echo(f"{output}: {len(gathered.rows)} scenarios on {', '.join(gathered.releases)}")
    if directory:
        directory.mkdir(parents=True, exist_ok=True)
        for release, badge in badges(gathered).items():
            (directory / f"codex-{release}.svg").write_text(badge, encoding="utf-8")
