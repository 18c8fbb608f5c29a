"""``merge`` and ``durations``: what is made of the results of several machines."""

from __future__ import annotations

from pathlib import Path

import click

from harness.arguments import DIRECTORY
from harness.declare.modules import module_paths
from harness.results import Results
from harness.shards.durations import FILE, Durations
from harness.shards.merge import Whole

results = click.argument(
    "results", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)


@click.command
@results
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the whole into this file.",
)
def merge(*, results: tuple[Path, ...], output: Path) -> int:
    """Make one whole of the results of all shards of a run, given in any order.

    The exit code is that of the worst shard. It is not 0 either where a shard is lost or was
    interrupted: what is missing is listed, and the whole has no footer. Shards of different plans,
    or one shard twice, are refused.
    """
    whole = Whole.of(results)
    whole.write(output)
    for line in whole.lines():
        click.echo(line)
    return whole.exit_code


@click.command
@results
def durations(*, results: tuple[Path, ...]) -> None:
    """Write down what scenarios took in these results, for shards to be even.

    Scenarios that are not in them keep what is known.
    """
    directory = Path(DIRECTORY)
    path = directory / FILE
    newer = Durations.of(map(Results.read, results))
    written = Durations.read(path).updated(newer, (one.stem for one in module_paths(directory)))
    written.write(path)
    total = sum(written.by_scenario.values()) / 1000
    click.echo(f"{path}: {len(written.by_scenario)} scenarios, {total:.0f} s of processor time")
