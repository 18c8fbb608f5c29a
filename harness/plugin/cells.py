"""What pytest runs: a cell, or the mistake in a module that has none.

A cell is ``scenarios/refresh/expired.py::turn`` or ``…::turn[variant]``. Setting it up runs its
stage, once for all of its probes, and fails as an error, since only the harness can be at fault
there. Its call judges what was seen, and fails when Codex did something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from harness.declare.modules import ModuleError
from harness.judge.implied import expected
from harness.judge.judge import judge
from harness.judge.rot import rotten
from harness.plugin.stash import RUNNER
from harness.report.failure import Deviates, describe
from harness.report.update import corrections_of
from harness.results import (
    CellResult,
    ScenarioResult,
    StageResult,
    Verdict,
    as_json,
    differences_as_json,
    line_of,
)
from harness.seen.records import Expect
from harness.suite.runner import Key, Task
from harness.suite.stages import Evidence, Observation, record_of
from harness.world.confine import impossible

_EXPECTED: Final = pytest.StashKey[tuple[Key, Expect]]()


class Mistake(pytest.Item):
    """Stands for a module that could not be loaded, so that the others still run."""

    def __init__(self, *, error: ModuleError, **kwargs: Any) -> None:
        """Keep ``error`` for the set-up."""
        super().__init__(**kwargs)
        self._error = error
        self.told = {"scenario": self.path.stem, "module": module_of(self)}

    def setup(self) -> None:
        """Fail with the message alone: an error, not a failure of Codex."""
        pytest.fail(str(self._error), pytrace=False)

    def runtest(self) -> None:
        """Never reached."""

    def lines(self, verdict: Verdict, text: str) -> Mapping[str, Any]:
        """Return what ``ResultsWriter.add`` takes of this mistake."""
        cell = CellResult(
            scenario=self.told["scenario"],
            module=self.told["module"],
            probe="module",
            release="",
            verdict=verdict,
            text=text,
        )
        return {"scenario": "", "stages": (), "cell": line_of(cell), "verdict": verdict}

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the mistake is."""
        return self.path, self._error.line - 1, f"{self.path.stem}: module"


class Cell(pytest.Item):
    """One probe of one scenario on one Codex."""

    def __init__(self, *, tasks: Sequence[Task], probe: str, **kwargs: Any) -> None:
        """Keep what the cell is about: the stages that have the probe, most often one."""
        super().__init__(**kwargs)
        self.tasks = tasks
        self.task = task = tasks[0]
        self.probe = probe
        self.comes_first = True
        """Whether the cell before it, in this process, was none of its scenario."""

        self.told: dict[str, Any] = {
            "scenario": task.declared.id,
            "module": module_of(self),
            "probe": probe,
            "release": task.codex.version,
            "kind": task.declared.scenario.kind,
        }
        self._observed: Sequence[tuple[Task, Observation]] = ()
        self._judged: Mapping[str, Any] = {}
        self._deviates: Deviates | None = None

    @property
    def is_applicable(self) -> bool:
        """Whether this Codex can have the state at all, and this machine can give it that."""
        return not self._why_not_applicable

    @cached_property
    def _why_not_applicable(self) -> str:
        scenario = self.task.declared.scenario
        if self.task.codex.release not in scenario.applies.releases:
            return scenario.applies.reason
        return impossible(scenario)

    def setup(self) -> None:
        """Run the stage, unless the cell before has, and judge: what fails here is ours."""
        reason = self._why_not_applicable
        if reason:
            self.told["not_applicable"] = reason
            pytest.skip(f"not applicable: {reason}")
        asked = [self.config.stash[RUNNER].observation(task) for task in self.tasks]
        self._observations = [observation for observation, _ in asked]
        self._expected = _expected(self.config, self.task)
        self._observed = [
            (task, observation)
            for task, (observation, just_now) in zip(self.tasks, asked, strict=True)
            if just_now
        ]
        costs = [observation.evidence for _, observation in self._observed]
        if costs:
            self.told["stage"] = {
                "seconds": round(sum(cost.seconds for cost in costs), 3),
                "cpu_seconds": round(sum(cost.cpu_seconds for cost in costs), 3),
                "processes": sum(cost.processes for cost in costs),
            }

        self._deviates = self._judge()

    def _judge(self) -> Deviates | None:
        """Hold what the probe saw against what is expected; return how they differ."""
        scenario, release = self.task.declared.scenario, self.task.codex.release
        seen = record_of(self.probe, self._observations)
        expected = getattr(self._expected, self.probe)
        differences = judge(expected, seen)
        self.told["differences"] = differences_as_json(differences)
        self._judged = {"seen": seen, "expected": expected}
        rot = rotten(scenario, self.probe, release, seen)
        if not (differences or rot):
            return None
        self.told["corrections"] = [
            attrs.astuple(one) for one in corrections_of(self.probe, differences)
        ]
        self.told["again"] = self._command()
        return Deviates(differences, rot)

    def runtest(self) -> None:
        """Fail if Codex did something else."""
        if self._deviates:
            self.told["verdict"] = self._deviates.verdict
            raise self._deviates

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what differed and all the evidence; an ordinary traceback for a fault of ours."""
        if not isinstance(excinfo.value, Deviates):
            return super().repr_failure(excinfo, style)
        return describe(
            excinfo.value,
            self._evidence,
            declared=self.task.declared,
            probe=self.probe,
            codex=self.task.codex,
            again=self._command(),
        )

    @property
    def _evidence(self) -> Evidence:
        """What stands behind the record: of several stages, the first that is not as expected."""
        expected = getattr(self._expected, self.probe)
        differing = (one for one in self._observations if judge(expected, one.records[self.probe]))
        return next(differing, self._observations[0]).evidence

    def lines(self, verdict: Verdict, text: str) -> Mapping[str, Any]:
        """Return what ``ResultsWriter.add`` takes of this cell."""
        declared, codex = self.task.declared, self.task.codex
        cell = CellResult(
            scenario=declared.id,
            module=module_of(self),
            probe=self.probe,
            release=codex.version,
            verdict=verdict,
            **{name: as_json(record) for name, record in self._judged.items()},
            differences=self.told.get("differences", ()),
            text=self.told.get("not_applicable", text),
            again=self._command(),
        )
        stages = [
            StageResult.of(declared, codex.version, task.stage, observation.evidence)
            for task, observation in self._observed
        ]
        return {
            "scenario": (
                line_of(ScenarioResult.of(declared, cell.module)) if self.comes_first else ""
            ),
            "stages": [line_of(stage) for stage in stages],
            "cell": line_of(cell),
            "verdict": verdict,
        }

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario is declared."""
        return self.path, self.task.declared.line - 1, f"{self.task.declared.id}: {self.probe}"

    def _command(self) -> str:
        """Return the command that runs this cell again."""
        declared, codex = self.task.declared, self.task.codex
        option = f" --codex {codex.word}" if codex.word else ""
        cell = f"{self.probe}[{declared.variant}]" if declared.variant else self.probe
        path = self.nodeid.partition("::")[0]
        return f"nox -s scenarios -- -n 0{option} '{path}::{cell}'"


def _expected(config: pytest.Config, task: Task) -> Expect:
    """Return what must be seen, which the cells of a scenario share."""
    known = config.stash.get(_EXPECTED, None)
    if known is None or known[0] != task.key:
        seen = expected(task.declared.scenario, task.codex.release)
        known = config.stash[_EXPECTED] = task.key, seen
    return known[1]


def module_of(item: pytest.Item) -> str:
    """Return the module of an item, relative to the root of pytest."""
    return item.nodeid.partition("::")[0]
