"""The beginning and the end of a process of the run: the controller, or a worker."""

from __future__ import annotations

import gc
from importlib import import_module
from pathlib import Path

import pytest

from harness.codex.binary import Codex
from harness.codex.huge_pages import huge_pages
from harness.namespaces import gain_privileges
from harness.plugin.bundles import send_bundles
from harness.plugin.holding import HoldingPlugin
from harness.plugin.options import durations_of, only, resolve, shard_of
from harness.plugin.reporting import ResultsPlugin
from harness.plugin.stash import CODEXES, RUN, RUNNER, SHARDS
from harness.reaper import Run
from harness.report.update import UpdatePlugin
from harness.report.verdicts import FaultsPlugin
from harness.results import ResultsWriter, header_of
from harness.scheduling import keep_to_a_core
from harness.shards.plugin import ShardPlugin
from harness.shards.shard import Shard
from harness.suite.runner import Runner
from harness.world.network import leave_network


def pytest_configure(config: pytest.Config) -> None:
    """Find every Codex; give the run a directory, a reaper and a runner."""
    if hasattr(config, "workerinput"):
        said = config.workerinput["codex_auth_scenarios"]
        directory = Path(said["directory"])
        if not config.getoption("--all-cores"):
            number = config.workerinput["workerid"].removeprefix("gw")
            keep_to_a_core(int(number), config.workerinput["workercount"])
        config.stash[CODEXES] = [
            Codex(Path(path), version, word) for path, version, word in said["codexes"]
        ]
        shard = Shard(*said["shard"])
    else:
        shard = shard_of(config)
        run = config.stash[RUN] = Run()
        gain_privileges()
        config.stash[CODEXES] = resolve(config)
        leave_network()
        directory = run.directory
        if pages := huge_pages(directory / "huge-pages"):
            config.pluginmanager.register(HoldingPlugin(pages, config.stash[CODEXES]))
        config.option.basetemp = config.option.basetemp or str(directory / "pytest")
        config.pluginmanager.register(FaultsPlugin())
    config.stash[SHARDS] = shards = ShardPlugin(shard, durations_of(config), directory)
    config.pluginmanager.register(shards)
    if not hasattr(config, "workerinput"):
        _register_writers(config)
        # It would cost each worker as much as half a scenario to import this.
        telling = import_module("harness.report.telling")
        telling.register(config, several=len(config.stash[CODEXES]) > 1)
    if not config.option.collectonly:
        shares = not config.getoption("--unshared")
        runner = config.stash[RUNNER] = Runner(directory, shares=shares)
        runner.prepare(config.stash[CODEXES][0])
        if hasattr(config, "workerinput"):
            send_bundles(config, runner)


def _register_writers(config: pytest.Config) -> None:
    """Let the controller write what ``--update`` and ``--results`` ask for."""
    codexes, shards = config.stash[CODEXES], config.stash[SHARDS]
    if config.getoption("--update"):
        config.pluginmanager.register(UpdatePlugin(config.rootpath, only(codexes)))
    path = config.getoption("--results")
    if path and not config.option.collectonly:
        header = header_of((codex.version for codex in codexes), shards.shard)
        config.pluginmanager.register(ResultsPlugin(ResultsWriter(path, header), shards))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    runner, run = config.stash.get(RUNNER, None), config.stash.get(RUN, None)
    if runner:
        runner.close()
    if run:
        run.end()
    # pytest (9.2.0) now looks through all of the heap for garbage, five times over.
    gc.freeze()
