"""The part of the pytest plugin that splits a run: it makes the plan and keeps what is its own."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from harness.digest import digest_of, harness_files
from harness.scheduling import scope_of
from harness.shards.durations import Durations
from harness.shards.plan import Plan, Unit
from harness.shards.shard import Shard

PLAN: Final = "plan"
"""The file, in the directory of the run, that holds the plan."""


class ShardPlugin:
    """Lets a process that collects keep what its shard runs, and tell the controller the plan.

    Args:
        shard: which it is.
        durations: how long scenarios take.
        directory: the directory of the run.
    """

    def __init__(self, shard: Shard, durations: Durations, directory: Path) -> None:
        """Know of no plan yet."""
        self.shard, self._durations = shard, durations
        self._path = directory / PLAN

    # Outside all others, since --lf and --sw take cells away, too.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None]:
        """Plan for all that was selected; leave the cells of other shards out."""
        yield
        scopes = _by_scope(items)
        units = _units(scopes, self._durations)
        plan = Plan.split(units.values(), self.shard.total, sources=_sources(items))
        self._tell(plan)
        own = {unit.key for unit in plan.of(self.shard.index)}
        left_out = {scope: cells for scope, cells in scopes.items() if units[scope].key not in own}
        if left_out:
            config.hook.pytest_deselected(items=[*chain.from_iterable(left_out.values())])
            items[:] = [item for item in items if scope_of(item.nodeid) not in left_out]

    def _tell(self, plan: Plan) -> None:
        """Write the plan down; every worker writes the same."""
        scratch = self._path.with_name(f"{PLAN}-{os.getpid()}")
        scratch.write_text(json.dumps(plan.as_json()))
        scratch.replace(self._path)

    def plan(self) -> Plan | None:
        """Return the plan, once a process has made it."""
        return Plan.from_json(json.loads(self._path.read_text())) if self._path.exists() else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Take it for no fault that there are more shards than scenarios."""
        plan = self.plan()
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and plan and plan.units:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how much of the whole this was."""
        plan = self.plan()
        if plan and plan.shards > 1:
            own = len(plan.of(self.shard.index))
            terminalreporter.write_line(f"shard {self.shard}: {own} of {len(plan.units)} scenarios")


def _by_scope(items: Iterable[pytest.Item]) -> Mapping[str, Sequence[pytest.Item]]:
    """Return what stays together; a test of another kind stands for itself."""
    scopes: dict[str, list[pytest.Item]] = {}
    for item in items:
        scopes.setdefault(scope_of(item.nodeid), []).append(item)
    return scopes


def _units(scopes: Mapping[str, Sequence[pytest.Item]], durations: Durations) -> Mapping[str, Unit]:
    """Return the unit of each scope."""
    told = {scope: _told(cells[0]) for scope, cells in scopes.items()}
    taken = durations.estimate(one["scenario"] for one in told.values())
    return {
        scope: Unit(
            module=one["module"],
            scenario=one["scenario"],
            release=one.get("release", ""),
            probes=[cell.told.get("probe", "module") for cell in cells if hasattr(cell, "told")],
            milliseconds=taken[one["scenario"]],
        )
        for (scope, cells), one in zip(scopes.items(), told.values(), strict=True)
    }


def _told(item: pytest.Item) -> Mapping[str, str]:
    """Return what a cell is about; a test of another kind is what its id says."""
    other = {"module": item.nodeid.partition("::")[0], "scenario": item.nodeid}
    return getattr(item, "told", other)


def _sources(items: Sequence[pytest.Item]) -> str:
    modules = {item.nodeid.partition("::")[0]: item.path for item in items}
    return digest_of({**harness_files(), **modules})
