"""The pytest plugin: a module of ``scenarios/`` becomes a file of cells, one a probe.

A cell is ``scenarios/expired.py::turn`` or ``…::turn[variant]``. Setting it up runs its stage, once
for all of its probes, and fails as an error, since only the harness can be at fault there. Its call
judges what was seen, and fails when Codex did something else.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest

from harness.codex.binary import Codex, CodexNotFoundError, find_codex
from harness.declare.modules import Declared, ModuleError, is_module, load_module
from harness.judge.implied import expected
from harness.judge.judge import judge
from harness.reaper import Run
from harness.report.failure import Deviation, describe
from harness.report.table import write_table
from harness.scheduling import ScenarioScheduling, Waiting, available_cores, scope_of
from harness.suite.stages import Observation, Stage, observe, stages_of
from harness.world.template import build_template

DIRECTORY: Final = "scenarios"
STAGES_AT_ONCE: Final = 2
"""How many stages of its scenario a worker runs side by side: half of a short one is waiting."""

WAITING_AT_ONCE: Final = 64
"""How many stages of scenarios that mostly wait a worker runs beside all else."""

LONG: Final = 1.0
"""Seconds from which on a scenario counts as one that mostly waits."""

WAITING: Final = "waiting"
"""The file, in the directory of the run, that names those scenarios."""

Key = tuple[Path, str]

_RUN: Final = pytest.StashKey[Run]()
_BENCH: Final = pytest.StashKey["Bench"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--codex``."""
    group = parser.getgroup("codex auth scenarios")
    group.addoption(
        "--codex",
        metavar="PATH",
        type=Path,
        help="run the scenarios on this Codex (default: the installed openai-codex-cli-bin)",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the modules of a directory named ``scenarios``."""
    if file_path.parent.name == DIRECTORY and is_module(file_path):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class Bench:
    """What the cells of one process share: the Codex, its template home, a scenario's stages."""

    def __init__(self, config: pytest.Config) -> None:
        """Find the directory of the run and start making the template, in the background."""
        self._directory = _run_directory(config)
        self._path: Path | None = config.getoption("--codex")
        self._codex: Codex | None = None
        self._fault: Exception | None = None
        self._pool = ThreadPoolExecutor(STAGES_AT_ONCE)
        self._waiting = ThreadPoolExecutor(WAITING_AT_ONCE)
        self._plan: dict[Key, dict[str, Cell]] = {}
        self._stages: dict[Key, dict[str, Future[Observation]]] = {}
        self._asked: set[tuple[Key, str]] = set()
        self._preparing = threading.Thread(target=self._prepare, daemon=True)
        self._preparing.start()

    def plan(self, cells: Iterable[Cell]) -> None:
        """Take note of all cells that will be asked for."""
        for cell in cells:
            stages = self._plan.setdefault(cell.declared.key, {})
            stages[cell.stage.name] = cell

    def begin(self, cells: Iterable[Cell]) -> None:
        """Begin the stages of scenarios that mostly wait, beside all that follows."""
        for key in dict.fromkeys(cell.declared.key for cell in cells):
            self._begin(key, self._waiting)

    def observation(self, cell: Cell) -> tuple[Observation, bool]:
        """Return what the stage of ``cell`` saw, and whether this is the first to ask for it.

        With the first stage of a scenario, all others that have a cell to judge are begun.
        """
        key, name = cell.declared.key, cell.stage.name
        if key not in self._stages:
            self._begin(key, self._pool)
        first = (key, name) not in self._asked
        self._asked.add((key, name))
        return self._stages[key][name].result(), first

    def _begin(self, key: Key, pool: ThreadPoolExecutor) -> None:
        self._stages[key] = {
            name: pool.submit(self._observe, cell.declared, cell.stage)
            for name, cell in self._plan[key].items()
        }

    def close(self) -> None:
        """Begin no other stage."""
        for pool in (self._pool, self._waiting):
            pool.shutdown(wait=False, cancel_futures=True)

    def _observe(self, declared: Declared, stage: Stage) -> Observation:
        return observe(
            stage,
            declared.scenario,
            self.codex,
            template=self._template if self._template.is_dir() else None,
            root=self._directory,
        )

    @property
    def codex(self) -> Codex:
        """The Codex under test.

        Raises:
            CodexNotFoundError: there is none.
            Exception: whatever else kept the harness from making the template.
        """
        self._preparing.join()
        if self._fault:
            raise self._fault
        assert self._codex is not None
        return self._codex

    @property
    def _template(self) -> Path:
        return self._directory / "template"

    @property
    def _known(self) -> Path:
        """The file that tells the other processes which Codex it is."""
        return self._directory / "codex"

    def _prepare(self) -> None:
        """Let the first process of the run make the template while the others wait for it."""
        try:
            with (self._directory / "template.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._codex = self._known_codex() or self._make_template()
        except Exception as error:  # noqa: BLE001 - for whoever asks for the Codex
            self._fault = error

    def _known_codex(self) -> Codex | None:
        """Return the Codex that another process of the run has found."""
        if not self._known.exists():
            return None
        path, version = self._known.read_text().splitlines()
        return Codex(Path(path), version)

    def _make_template(self) -> Codex:
        codex = find_codex(self._path)
        build_template(codex, self._template, root=self._directory)
        self._known.write_text(f"{codex.path}\n{codex.version}")
        return codex


class ScenarioFile(pytest.File):
    """A module of ``scenarios/``."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a cell for every probe of every scenario; for a mistake, an item that says so."""
        try:
            declarations = load_module(self.path)
        except ModuleError as error:
            yield Mistake.from_parent(self, name="module", error=error)
            return
        for declared in declarations:
            for stage in stages_of(declared.scenario):
                for probe in stage.probes:
                    name = f"{probe}[{declared.variant}]" if declared.variant else probe
                    yield Cell.from_parent(
                        self, name=name, declared=declared, stage=stage, probe=probe
                    )


class Mistake(pytest.Item):
    """Stands for a module that could not be loaded, so that the others still run."""

    def __init__(self, *, error: ModuleError, **kwargs: Any) -> None:
        """Keep ``error`` for the set-up."""
        super().__init__(**kwargs)
        self._error = error
        self.user_properties.append(("scenario", self.path.stem))

    def setup(self) -> None:
        """Fail with the message alone: an error, not a failure of Codex."""
        pytest.fail(str(self._error), pytrace=False)

    def runtest(self) -> None:
        """Never reached."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the mistake is."""
        return self.path, self._error.line - 1, f"{self.path.stem}: module"


class Cell(pytest.Item):
    """One probe of one scenario."""

    def __init__(self, *, declared: Declared, stage: Stage, probe: str, **kwargs: Any) -> None:
        """Keep what the cell is about."""
        super().__init__(**kwargs)
        self.declared = declared
        self.stage = stage
        self.probe = probe
        self.user_properties += [("scenario", declared.id), ("probe", probe)]
        self.user_properties += [("host", True)] if declared.scenario.host else []

    def setup(self) -> None:
        """Run the stage, unless the cell before has."""
        bench = self.config.stash[_BENCH]
        try:
            self._observation, just_now = bench.observation(self)
        except CodexNotFoundError as error:
            pytest.fail(str(error), pytrace=False)
        self._expected = getattr(expected(self.declared.scenario), self.probe)
        if just_now:
            evidence = self._observation.evidence
            self.user_properties += [
                ("codex", bench.codex.version),
                ("cpu_seconds", evidence.cpu_seconds),
                ("processes", evidence.processes),
            ]

    def runtest(self) -> None:
        """Judge what the probe saw."""
        differences = judge(self._expected, self._observation.records[self.probe])
        if differences:
            raise Deviation(differences)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what differed and all the evidence; an ordinary traceback for a fault of ours."""
        if not isinstance(excinfo.value, Deviation):
            return super().repr_failure(excinfo, style)
        return describe(
            excinfo.value.differences,
            self._observation.evidence,
            declared=self.declared,
            probe=self.probe,
            codex=self.config.stash[_BENCH].codex,
            again=self._command(),
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the module, for the terminal."""
        return self.path, 0, f"{self.declared.id}: {self.probe}"

    def _command(self) -> str:
        """Return the command that runs this cell again."""
        codex: Path | None = self.config.getoption("--codex")
        option = f" --codex {codex}" if codex else ""
        return f"nox -s scenarios -- -n 0{option} '{self.nodeid}'"


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a directory and a reaper, and start on the template while workers start."""
    if not hasattr(config, "workerinput"):
        run = config.stash[_RUN] = Run()
        config.option.basetemp = config.option.basetemp or str(run.directory / "pytest")
    if not config.option.collectonly:
        config.stash[_BENCH] = Bench(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    bench, run = config.stash.get(_BENCH, None), config.stash.get(_RUN, None)
    if bench:
        bench.close()
    if run:
        run.end()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the scenarios that mostly wait last: they are begun before, and judged then."""
    items.sort(key=_seconds_of_waiting)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the scenarios that mostly wait, or the share of them that falls to this worker."""
    config = session.config
    bench = config.stash.get(_BENCH, None)
    if bench is None:
        return
    cells = [item for item in session.items if isinstance(item, Cell)]
    bench.plan(cells)
    cells = [cell for cell in cells if _seconds_of_waiting(cell)]
    workerinput = getattr(config, "workerinput", {})
    if workerinput.get("codex_auth_scenarios_shares"):
        waiting = Waiting(_run_directory(config) / WAITING)
        waiting.tell(cell.nodeid for cell in cells)
        owners = waiting.owners(workerinput["workercount"])
        cells = [cell for cell in cells if owners[scope_of(cell.nodeid)] == workerinput["workerid"]]
    bench.begin(cells)


def _seconds_of_waiting(item: pytest.Item) -> float:
    """Return how long the scenario of a cell waits, if that is the most of it; else 0."""
    waits = item.declared.scenario.waits if isinstance(item, Cell) else 0
    return waits if waits >= LONG else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start a worker a core."""
    return available_cores()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the directory of the run is."""
    run = node.config.stash.get(_RUN, None)
    if run:
        node.workerinput["codex_auth_scenarios"] = str(run.directory)
        node.workerinput["codex_auth_scenarios_shares"] = _schedules_scenarios(node.config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the cells of a scenario on one worker."""
    if not _schedules_scenarios(config):
        return None
    config.option.loadscopereorder = False
    return ScenarioScheduling(config, log, Waiting(config.stash[_RUN].directory / WAITING))


def _schedules_scenarios(config: pytest.Config) -> bool:
    return bool(config.getvalue("dist") == "load")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the matrix."""
    write_table(terminalreporter)


def _run_directory(config: pytest.Config) -> Path:
    workerinput = getattr(config, "workerinput", None)
    if workerinput is None:
        return config.stash[_RUN].directory
    return Path(workerinput["codex_auth_scenarios"])
