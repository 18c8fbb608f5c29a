"""What a worker tells of the cells of a scenario: as few messages as can be, and none is lost."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import define, field
from running import run_suite, write_scenarios

from harness.plugin import bundles
from harness.plugin.bundles import BUNDLE, LAST, Bundles, take_bundles
from harness.report.verdicts import FAULT
from harness.results import Results
from harness.seen.records import probes_of

SIGNED_OUT = '"""Signed out."""\nfrom harness import Scenario\nscenario = Scenario()\n'
NEVER = '''"""No release can have this."""
from harness import Applies, Scenario
scenario = Scenario(applies=Applies(">=99.0.0", "no release has it"))
'''
PROBES = probes_of("home")

LISTENING = """
import os
def note(what):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with open("told", "a") as file:
            print(what, file=file)
def pytest_runtest_logstart(nodeid, location):
    note("start")
def pytest_runtest_logfinish(nodeid, location):
    note("finish")
def pytest_runtest_logreport(report):
    note(f"{report.outcome} {type(report.location).__name__} {type(report.longrepr).__name__}")
"""
DYING = """
import os, signal
def pytest_runtest_makereport(item):
    if os.environ.get("PYTEST_XDIST_WORKER") == "gw0" and item.probe == "wire":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@define(eq=False)
class Cell:
    """Stands for a cell, of a scenario that its key tells."""

    key: str = "scenario"
    is_applicable: bool = True

    @property
    def task(self) -> Any:
        """Its only stage."""
        return SimpleNamespace(key=self.key)

    @property
    def tasks(self) -> list[Any]:
        """All of them."""
        return [self.task]


@define
class Worker:
    """Stands for a worker: what it has sent, what is handed out to it, what it has observed."""

    sent: list[Any] = field(factory=list)
    handed_out: list[int] = field(factory=lambda: [7])
    is_observed: bool = True

    @contextmanager
    def lock(self) -> Iterator[list[int]]:
        """Yield what is handed out and not begun."""
        yield self.handed_out

    def run(self, channel: Bundles, cell: Any, following: Any) -> None:
        """Send what xdist sends of a test."""
        protocol = channel.pytest_runtest_protocol(cell, following)
        next(protocol)
        channel.send(("logstart", {}))
        channel.send(("testreport", {"longrepr": ("path", 1, "reason")}))
        with pytest.raises(StopIteration):
            next(protocol)
        channel.send((LAST, {}))

    @property
    def told(self) -> list[list[str]]:
        """The names of the events in each message."""
        return [
            [one[0] for one in marshal.loads(said)] if name == BUNDLE else [name]  # noqa: S302
            for name, said in self.sent
        ]


@pytest.fixture
def worker() -> Worker:
    """Return a worker that has sent nothing."""
    return Worker()


@pytest.fixture
def channel(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Bundles:
    """Return what stands for its channel."""
    monkeypatch.setattr(bundles, "Cell", Cell)
    interactor = SimpleNamespace(channel=SimpleNamespace(send=worker.sent.append), torun=worker)
    runner: Any = SimpleNamespace(is_observed=lambda _task: worker.is_observed)
    return Bundles(interactor, runner)


def test_cells_of_a_scenario_are_told_at_once(worker: Worker, channel: Bundles) -> None:
    """And what is told when another scenario comes is all of it."""
    one, other = [Cell(), Cell()], Cell("other")

    worker.run(channel, one[0], one[1])
    worker.run(channel, one[1], other)

    assert worker.told == [["logstart"], ["testreport", LAST, "logstart"], ["testreport", LAST]]


@pytest.mark.parametrize(
    ("following", "state", "is_kept"),
    [
        (Cell(), Worker(), True),
        (Cell(is_applicable=False), Worker(is_observed=False), True),
        (Cell(), Worker(is_observed=False), False),
        (Cell(), Worker(handed_out=[]), False),
        (Cell("other"), Worker(), False),
        (None, Worker(), False),
        (SimpleNamespace(), Worker(), False),
    ],
    ids=["at-hand", "inapplicable", "unobserved", "last-known", "other", "none", "no-cell"],
)
def test_nothing_is_kept_that_would_have_to_wait(
    worker: Worker, channel: Bundles, following: Any, state: Worker, *, is_kept: bool
) -> None:
    """The controller hands out more only when it hears of what is done."""
    worker.handed_out, worker.is_observed = state.handed_out, state.is_observed

    worker.run(channel, Cell(), following)

    assert worker.told == [["logstart"], ["testreport", LAST]][: 2 - is_kept]


def test_other_tests_are_told_of_as_ever(worker: Worker, channel: Bundles) -> None:
    """Whatever comes after them."""
    worker.run(channel, SimpleNamespace(), Cell())

    assert worker.told == [["logstart"], ["testreport"], [LAST]]


def test_controller_takes_each_event_as_it_was_sent(worker: Worker, channel: Bundles) -> None:
    """In order, and a tuple stays one."""
    taken: list[Any] = []
    node = SimpleNamespace(process_from_remote=taken.append)
    take_bundles(node)
    worker.run(channel, Cell(), None)

    for message in worker.sent:
        node.process_from_remote(message)

    assert [name for name, _ in taken] == ["logstart", "testreport", LAST]
    assert taken[1][1]["longrepr"] == ("path", 1, "reason")


@pytest.mark.parametrize(("option", "times"), [("-q", 1), ("-v", len(PROBES))])
def test_beginning_is_told_once_for_a_scenario(tmp_path: Path, option: str, times: int) -> None:
    """Of each cell, where each has a line; and what is told of one is whole."""
    directory = write_scenarios(tmp_path / "project", {"signed_out": SIGNED_OUT, "never": NEVER})
    (directory / "conftest.py").write_text(LISTENING)

    outcome = run_suite("-n", "2", option, "scenarios", cwd=directory)

    told = Counter((directory / "told").read_text().splitlines())
    assert outcome.exit_code == 0
    assert 2 * times == told.pop("start")
    assert (2 * times if option == "-v" else 0) == told.pop("finish", 0)
    assert {"passed tuple NoneType": len(PROBES), "skipped tuple tuple": len(PROBES)} == told


def test_death_of_a_worker_costs_one_cell(tmp_path: Path) -> None:
    """It may have judged others that it had not told of; they are run again."""
    directory = write_scenarios(tmp_path / "project", {"signed_out": SIGNED_OUT})
    (directory / "conftest.py").write_text(DYING)
    path = tmp_path / "results.jsonl"

    outcome = run_suite("-n", "1", f"--results={path}", "scenarios", cwd=directory)

    verdicts = Counter(cell.verdict for cell in Results.read(path).cells)
    assert outcome.exit_code == FAULT
    assert {"passed": len(PROBES) - 1, "error": 1} == verdicts
