"""How xdist starts workers and hands out cells, and what the controller tells each worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from harness.plugin.bundles import take_bundles
from harness.plugin.stash import CODEXES, RUN, SHARDS
from harness.scheduling import Assignments, ScenarioScheduling, Waiting, available_cores

WAITING: Final = "waiting"
"""The file, in the directory of the run, that names the scenarios that mostly wait."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start a worker a core."""
    return available_cores()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker all that the controller has found out, and take what it will tell."""
    take_bundles(node)
    codexes = node.config.stash[CODEXES]
    node.workerinput["codex_auth_scenarios"] = {
        "directory": str(node.config.stash[RUN].directory),
        "codexes": [(str(codex.path), codex.version, codex.word) for codex in codexes],
        "shard": attrs.astuple(node.config.stash[SHARDS].shard),
        "shares": _schedules_scenarios(node.config),
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the cells of a scenario on one worker."""
    if not _schedules_scenarios(config):
        return None
    config.option.loadscopereorder = False
    directory = config.stash[RUN].directory
    return ScenarioScheduling(config, log, Waiting(directory / WAITING), Assignments(directory))


def _schedules_scenarios(config: pytest.Config) -> bool:
    return bool(config.getvalue("dist") == "load")


def is_worker(config: pytest.Config) -> bool:
    """Whether this process runs cells for a controller."""
    return hasattr(config, "workerinput")


def directory_of(config: pytest.Config) -> Path:
    """Return the directory of the run, in a worker."""
    return Path(config.workerinput["codex_auth_scenarios"]["directory"])  # type: ignore[attr-defined]
