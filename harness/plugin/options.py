"""What a run can be told, and what is meant by it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from harness.codex.binary import Codex, CodexNotFoundError
from harness.codex.store import Store
from harness.plugin.collecting import DIRECTORY
from harness.shards.durations import FILE, Durations, DurationsError
from harness.shards.shard import WHOLE, Shard, ShardError


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a run can be told."""
    group = parser.getgroup("codex auth scenarios")
    group.addoption(
        "--codex",
        metavar="CODEX",
        action="append",
        help=(
            "run the scenarios on this Codex: a release (0.156.0), a range (>=0.150,<0.160), "
            "latest, pinned (the default), or a path; may be given several times"
        ),
    )
    group.addoption(
        "--results",
        metavar="FILE",
        type=Path,
        help="write what was seen, and the verdicts, into this file as JSON lines",
    )
    group.addoption(
        "--unshared",
        action="store_true",
        help="run every stage of every scenario, those that cannot differ from another's, too",
    )
    group.addoption(
        "--all-cores",
        action="store_true",
        help=(
            "let each worker run on every core, though there are as many workers as cores: slower, "
            "and races come out that one core hides"
        ),
    )
    group.addoption(
        "--ctrf",
        metavar="FILE",
        type=Path,
        help="write the verdicts into this file as CTRF, the Common Test Report Format",
    )
    group.addoption(
        "--shard",
        metavar="INDEX/TOTAL",
        default=str(WHOLE),
        help=(
            "run this part of what is selected: 2/5, or auto for what the variables of the CI "
            "system say; merge the results of all parts with nox -s merge"
        ),
    )
    group.addoption(
        "--order",
        metavar="SEED",
        type=int,
        help="run the scenarios in another order, the same for the same number",
    )
    group.addoption(
        "--update",
        action="store_true",
        help=(
            "write what was seen into the scenario modules, for review as a diff: as what they "
            "expect on the pinned release, as a deviation on any other"
        ),
    )


def resolve(config: pytest.Config) -> Sequence[Codex]:
    """Return what ``--codex`` means, telling of downloads as they go on.

    Raises:
        pytest.UsageError: one of them cannot be had.
    """
    capture = config.pluginmanager.getplugin("capturemanager")

    def tell(line: str) -> None:
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - before there is a reporter

    try:
        return Store(tell=tell).resolve(config.getoption("--codex") or ["pinned"])
    except CodexNotFoundError as error:
        raise pytest.UsageError(str(error)) from error


def shard_of(config: pytest.Config) -> Shard:
    """Return which part of what is selected is run.

    Raises:
        pytest.UsageError: it cannot be told.
    """
    try:
        return Shard.parse(config.getoption("--shard"), os.environ)
    except ShardError as error:
        raise pytest.UsageError(str(error)) from error


def durations_of(config: pytest.Config) -> Durations:
    """Return how long the scenarios take that lie where the run was started.

    Raises:
        pytest.UsageError: the file that says so is broken.
    """
    try:
        return Durations.read(config.rootpath / DIRECTORY / FILE)
    except DurationsError as error:
        raise pytest.UsageError(str(error)) from error


def only(codexes: Sequence[Codex]) -> Codex:
    """Return the Codex of a run that has one.

    Raises:
        pytest.UsageError: it has several.
    """
    if len(codexes) > 1:
        message = "--update takes one Codex: what several do cannot be written at once"
        raise pytest.UsageError(message)
    return codexes[0]
