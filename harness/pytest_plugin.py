"""The pytest plugin: a module of ``scenarios/`` becomes a file of cells, one a probe.

A cell is ``scenarios/refresh/expired.py::turn`` or ``…::turn[variant]``. Setting it up runs its
stage, once for all of its probes, and fails as an error, since only the harness can be at fault
there. Its call judges what was seen, and fails when Codex did something else.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

import attrs
import pytest

from harness.codex.binary import Codex, CodexNotFoundError
from harness.codex.store import Store
from harness.declare.modules import Declared, ModuleError, load_module, module_paths
from harness.judge.implied import expected
from harness.judge.judge import judge
from harness.judge.rot import rotten
from harness.namespaces import gain_privileges
from harness.reaper import Run
from harness.report.failure import Deviates, describe
from harness.report.signs import BAD_ENDINGS
from harness.report.update import UpdatePlugin, corrections_of
from harness.report.verdicts import FaultsPlugin, verdict_of
from harness.results import (
    CellResult,
    ResultsWriter,
    ScenarioResult,
    StageResult,
    Verdict,
    as_json,
    differences_as_json,
    header_of,
    line_of,
)
from harness.scheduling import (
    Assignments,
    ScenarioScheduling,
    Waiting,
    available_cores,
    keep_to_a_core,
    scope_of,
    shuffled,
)
from harness.seen.records import Expect
from harness.shards.durations import FILE, Durations, DurationsError
from harness.shards.plugin import ShardPlugin
from harness.shards.shard import WHOLE, Shard, ShardError
from harness.suite.runner import Key, Runner, Task
from harness.suite.stages import Evidence, Observation, record_of, stages_of
from harness.world.confine import impossible
from harness.world.network import leave_network, why_shared

DIRECTORY: Final = "scenarios"
LONG: Final = 1.0
"""Seconds from which on a scenario counts as one that mostly waits."""

WAITING: Final = "waiting"
"""The file, in the directory of the run, that names those scenarios."""

_RUN: Final = pytest.StashKey[Run]()
RUNNER: Final = pytest.StashKey[Runner]()
_EXPECTED: Final = pytest.StashKey[tuple[Key, Expect]]()
_CODEXES: Final = pytest.StashKey[Sequence[Codex]]()
_SHARDS: Final = pytest.StashKey[ShardPlugin]()


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


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the modules of a directory named ``scenarios``, and of the folders in it."""
    directory = _scenarios_around(file_path.parent, parent.config.rootpath)
    if directory and file_path in _modules(directory):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Keep pytest from importing a scenario module that is named as a file for tests of its own.

    A mistake in the module would be told twice, and the second time as a traceback.
    """
    directory = _scenarios_around(module_path.parent, parent.config.rootpath)
    if directory and module_path in _modules(directory):
        return NoTests.from_parent(parent, path=module_path)
    return None


@cache
def _scenarios_around(folder: Path, root: Path) -> Path | None:
    """Return the directory ``scenarios`` below ``root`` that ``folder`` is or lies in, if any."""
    around = [folder, *(one for one in folder.parents if one.is_relative_to(root))]
    return next((one for one in around if one.name == DIRECTORY), None)


@cache
def _modules(directory: Path) -> Mapping[Path, Path]:
    """Return the modules of ``directory``, each with the first of its name."""
    paths = module_paths(directory)
    first = {path.stem: path for path in reversed(paths)}
    return {path: first[path.stem] for path in paths}


class NoTests(pytest.File):
    """A scenario module as pytest itself sees it."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield nothing."""
        return iter(())


class ScenarioFile(pytest.File):
    """A module of ``scenarios/``."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a cell for every probe of every scenario; for a mistake, an item that says so."""
        try:
            self._refuse_taken_name()
            declarations = load_module(self.path)
        except ModuleError as error:
            yield Mistake.from_parent(self, name="module", error=error)
            return
        for declared in declarations:
            for codex in self.config.stash[_CODEXES]:
                yield from self._cells(declared, codex)

    def _refuse_taken_name(self) -> None:
        directory = _scenarios_around(self.path.parent, self.config.rootpath)
        assert directory
        first = _modules(directory)[self.path]
        if first != self.path:
            text = f"duplicate id: {first.relative_to(directory)} has this name; rename one"
            raise ModuleError(self.path, 1, text)

    def _cells(self, declared: Declared, codex: Codex) -> Iterator[pytest.Item]:
        """Yield the cells of a scenario on a Codex, whose release they name beside others."""
        several = len(self.config.stash[_CODEXES]) > 1
        told = "@".join(filter(None, (declared.variant, codex.version if several else "")))
        every = [Task(declared, stage, codex) for stage in stages_of(declared.scenario)]
        for probe in dict.fromkeys(probe for task in every for probe in task.stage.probes):
            tasks = [task for task in every if probe in task.stage.probes]
            name = f"{probe}[{told}]" if told else probe
            yield Cell.from_parent(self, name=name, tasks=tasks, probe=probe)


class Mistake(pytest.Item):
    """Stands for a module that could not be loaded, so that the others still run."""

    def __init__(self, *, error: ModuleError, **kwargs: Any) -> None:
        """Keep ``error`` for the set-up."""
        super().__init__(**kwargs)
        self._error = error
        self.told = {"scenario": self.path.stem, "module": _relative(self)}

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
        self.told: dict[str, Any] = {
            "scenario": task.declared.id,
            "module": _relative(self),
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
            module=_relative(self),
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
            "scenario": line_of(ScenarioResult.of(declared, cell.module)),
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


class ResultsPlugin:
    """Writes the results of the run, where ``--results`` says so."""

    def __init__(self, writer: ResultsWriter, shards: ShardPlugin) -> None:
        """Write with ``writer`` what is planned by ``shards``, and what comes of it."""
        self._writer, self._shards = writer, shards
        self._is_planned = False

    def pytest_collection_finish(self) -> None:
        """Write the plan that this process has made."""
        self._write_plan()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        """Write the plan that the first worker has made, as all others do."""
        self._write_plan()

    def _write_plan(self) -> None:
        plan = None if self._is_planned else self._shards.plan()
        if plan:
            self._is_planned = True
            self._writer.plan(plan)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the lines of a cell, once, and keep none of them for the rest of the run."""
        lines = report.__dict__.pop("lines", None)
        if lines:
            self._writer.add(**lines)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the footer."""
        self._writer.end(int(session.exitstatus))

    def pytest_unconfigure(self) -> None:
        """Close the file, whatever has happened."""
        self._writer.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Run a cell with one report instead of three, since it has no fixtures to set up.

    Its ``setup`` is reported only where it fails. A run has about a thousand cells, and each report
    travels from a worker to the controller.
    """
    if not isinstance(item, Cell):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    report = _report(item, "setup", item.setup)
    if report.passed:
        report = _report(item, "call", item.runtest)
    item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _report(
    item: pytest.Item, when: Literal["setup", "call"], phase: Callable[[], None]
) -> pytest.TestReport:
    stops = (KeyboardInterrupt, pytest.exit.Exception)
    call = pytest.CallInfo.from_call(phase, when=when, reraise=stops)
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    if call.excinfo and not report.skipped:
        item.ihook.pytest_exception_interact(node=item, call=call, report=report)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Tell what a release cannot have from what is skipped, and name a hang or a crash."""
    verdict = verdict_of(report)
    if verdict == "not applicable":
        return "not applicable", "-", "NOT APPLICABLE"
    if verdict in BAD_ENDINGS:
        return "failed", BAD_ENDINGS[verdict], verdict.upper()
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the report of a cell say what it is about, and hold its lines of results."""
    report = yield
    if isinstance(item, (Cell, Mistake)):
        report.cell = dict(item.told)  # type: ignore[attr-defined]
        verdict = verdict_of(report)
        if item.config.getoption("--results") and verdict:
            text = report.longreprtext if report.failed else ""
            report.lines = item.lines(verdict, text)  # type: ignore[attr-defined]
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport, sched: Any) -> None:
    """Count the cell of a worker that was killed among the faults that are none of Codex."""
    codexes = sched.config.stash[_CODEXES]
    path, _, cell = crashitem.partition("::")
    probe, _, told = cell.removesuffix("]").partition("[")
    if scope_of(crashitem) == crashitem:
        return
    variant, _, release = told.rpartition("@") if len(codexes) > 1 else (told, "", "")
    name = Path(path).stem
    lost = CellResult(
        scenario=f"{name}[{variant}]" if variant else name,
        module=path,
        probe=probe,
        release=release or codexes[0].version,
        verdict="error",
        text=str(report.longrepr),
    )
    report.when = "setup"
    report.cell = {  # type: ignore[attr-defined]
        member: getattr(lost, member) for member in ("scenario", "module", "probe", "release")
    }
    report.lines = {"scenario": "", "stages": (), "cell": line_of(lost), "verdict": "error"}  # type: ignore[attr-defined]


def pytest_configure(config: pytest.Config) -> None:
    """Find every Codex; give the run a directory, a reaper and a runner."""
    if hasattr(config, "workerinput"):
        said = config.workerinput["codex_auth_scenarios"]
        directory = Path(said["directory"])
        number = config.workerinput["workerid"].removeprefix("gw")
        keep_to_a_core(int(number), config.workerinput["workercount"])
        config.stash[_CODEXES] = [
            Codex(Path(path), version, word) for path, version, word in said["codexes"]
        ]
        shard = Shard(*said["shard"])
    else:
        shard = _shard(config)
        run = config.stash[_RUN] = Run()
        gain_privileges()
        config.stash[_CODEXES] = _resolve(config)
        leave_network()
        directory = run.directory
        config.option.basetemp = config.option.basetemp or str(directory / "pytest")
        config.pluginmanager.register(FaultsPlugin())
    config.stash[_SHARDS] = shards = ShardPlugin(shard, _durations(config), directory)
    config.pluginmanager.register(shards)
    if not hasattr(config, "workerinput"):
        _register_writers(config)
        # It would cost each worker as much as half a scenario to import this.
        telling = import_module("harness.report.telling")
        telling.register(config, several=len(config.stash[_CODEXES]) > 1)
    if not config.option.collectonly:
        shares = not config.getoption("--unshared")
        runner = config.stash[RUNNER] = Runner(directory, shares=shares)
        runner.prepare(config.stash[_CODEXES][0])


def _register_writers(config: pytest.Config) -> None:
    """Let the controller write what ``--update`` and ``--results`` ask for."""
    codexes, shards = config.stash[_CODEXES], config.stash[_SHARDS]
    if config.getoption("--update"):
        config.pluginmanager.register(UpdatePlugin(config.rootpath, _only(codexes)))
    path = config.getoption("--results")
    if path and not config.option.collectonly:
        header = header_of((codex.version for codex in codexes), shards.shard)
        config.pluginmanager.register(ResultsPlugin(ResultsWriter(path, header), shards))


def _resolve(config: pytest.Config) -> Sequence[Codex]:
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


def _shard(config: pytest.Config) -> Shard:
    """Return which part of what is selected is run.

    Raises:
        pytest.UsageError: it cannot be told.
    """
    try:
        return Shard.parse(config.getoption("--shard"), os.environ)
    except ShardError as error:
        raise pytest.UsageError(str(error)) from error


def _durations(config: pytest.Config) -> Durations:
    """Return how long the scenarios take that lie where the run was started.

    Raises:
        pytest.UsageError: the file that says so is broken.
    """
    try:
        return Durations.read(config.rootpath / DIRECTORY / FILE)
    except DurationsError as error:
        raise pytest.UsageError(str(error)) from error


def _only(codexes: Sequence[Codex]) -> Codex:
    """Return the Codex of a run that has one.

    Raises:
        pytest.UsageError: it has several.
    """
    if len(codexes) > 1:
        message = "--update takes one Codex: what several do cannot be written at once"
        raise pytest.UsageError(message)
    return codexes[0]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    runner, run = config.stash.get(RUNNER, None), config.stash.get(_RUN, None)
    if runner:
        runner.close()
    if run:
        run.end()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage meanwhile: all that is collected stays, and there is much of it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Go release by release; scenarios that mostly wait come last: they are begun before."""
    seed = config.getoption("--order")
    if seed is not None:
        scopes = shuffled((item.nodeid for item in items), seed)
        items.sort(key=lambda item: scopes[scope_of(item.nodeid)])
    releases = list(dict.fromkeys(item.task.codex for item in items if isinstance(item, Cell)))
    order = {codex: index for index, codex in enumerate(releases)}
    items.sort(
        key=lambda item: (
            _seconds_of_waiting(item),
            order[item.task.codex] if isinstance(item, Cell) else 0,
        )
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the scenarios that mostly wait, or the share of them that falls to this worker."""
    config = session.config
    runner = config.stash.get(RUNNER, None)
    if runner is None:
        return
    # All that was collected stays to the end; looking through it for garbage is waste.
    gc.freeze()
    cells = [item for item in session.items if isinstance(item, Cell) and item.is_applicable]
    runner.plan(task for cell in cells for task in cell.tasks)
    cells = [cell for cell in cells if _seconds_of_waiting(cell)]
    workerinput = getattr(config, "workerinput", {})
    if workerinput and workerinput["codex_auth_scenarios"]["shares"]:
        waiting = Waiting(_directory(config) / WAITING)
        waiting.tell(cell.nodeid for cell in cells)
        owners = waiting.owners(workerinput["workercount"])
        cells = [cell for cell in cells if owners[scope_of(cell.nodeid)] == workerinput["workerid"]]
    runner.begin(task for cell in cells for task in cell.tasks)
    if workerinput:
        _observe_ahead(session)


def _observe_ahead(session: pytest.Session) -> None:
    """Begin every scenario of this worker as soon as it is known to come."""
    config = session.config
    runner = config.stash[RUNNER]
    tasks: dict[str, list[Task]] = {}
    for cell in session.items:
        if isinstance(cell, Cell) and cell.is_applicable and not _seconds_of_waiting(cell):
            tasks.setdefault(scope_of(cell.nodeid), []).extend(cell.tasks)
    coming = Assignments(_directory(config)).listen(config.workerinput["workerid"])  # type: ignore[attr-defined]

    def observe() -> None:
        for line in coming:
            runner.expect(tasks.get(line.rstrip("\n"), ()))

    threading.Thread(target=observe, daemon=True).start()


def _seconds_of_waiting(item: pytest.Item) -> float:
    """Return how long the scenario of a cell waits, if that is the most of it; else 0."""
    waits = item.task.declared.scenario.waits if isinstance(item, Cell) else 0
    return waits if waits >= LONG else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start a worker a core."""
    return available_cores()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker all that the controller has found out."""
    codexes = node.config.stash[_CODEXES]
    node.workerinput["codex_auth_scenarios"] = {
        "directory": str(node.config.stash[_RUN].directory),
        "codexes": [(str(codex.path), codex.version, codex.word) for codex in codexes],
        "shard": attrs.astuple(node.config.stash[_SHARDS].shard),
        "shares": _schedules_scenarios(node.config),
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the cells of a scenario on one worker."""
    if not _schedules_scenarios(config):
        return None
    config.option.loadscopereorder = False
    directory = config.stash[_RUN].directory
    return ScenarioScheduling(config, log, Waiting(directory / WAITING), Assignments(directory))


def _schedules_scenarios(config: pytest.Config) -> bool:
    return bool(config.getvalue("dist") == "load")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what guards this run less well than it could be."""
    if terminalreporter.config.stash.get(RUNNER, None) and why_shared():
        terminalreporter.write_line(
            "only the proxy keeps Codex on this machine, and sees who tries to leave it: "
            f"there is no network for each Codex ({why_shared()})",
            yellow=True,
        )


def _expected(config: pytest.Config, task: Task) -> Expect:
    """Return what must be seen, which the cells of a scenario share."""
    known = config.stash.get(_EXPECTED, None)
    if known is None or known[0] != task.key:
        seen = expected(task.declared.scenario, task.codex.release)
        known = config.stash[_EXPECTED] = task.key, seen
    return known[1]


def _relative(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _directory(config: pytest.Config) -> Path:
    """Return the directory of the run, in a worker."""
    return Path(config.workerinput["codex_auth_scenarios"]["directory"])  # type: ignore[attr-defined]
