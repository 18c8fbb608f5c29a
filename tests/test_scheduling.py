"""Which worker runs what: scenarios stay whole, and those that wait are begun first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from running import run_suite, write_scenarios

from harness.scheduling import (
    AHEAD,
    Assignments,
    ScenarioScheduling,
    Waiting,
    keep_to_a_core,
    scope_of,
)
from harness.seen.records import probes_of

EXPIRED = '''"""The access token has expired, and the token endpoint takes its time."""
from harness import AccessToken, Backend, Scenario, signed_in, slow, timedelta
scenario = Scenario(
    auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
    backend=Backend(token=slow(1.1)),
)
'''
SIGNED_IN = '"""Signed in."""\nfrom harness import *\nscenario = Scenario(auth=SIGNED_IN)\n'
SIGNED_OUT = '"""Signed out."""\nfrom harness import Scenario\nscenario = Scenario()\n'
CELLS = len(probes_of("home"))


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        ("scenarios/a.py::turn", "scenarios/a.py::["),
        ("scenarios/a.py::turn[x]", "scenarios/a.py::[x]"),
        ("scenarios/b/a.py::turn", "scenarios/b/a.py::["),
        ("scenarios/a.py::read[x@0.156.0]", "scenarios/a.py::[x@0.156.0]"),
        ("scenarios/a.py::read[0.156.0]", "scenarios/a.py::[0.156.0]"),
        ("other/a.py::turn", "other/a.py::turn"),
        ("scenarios/a.py::test_own", "scenarios/a.py::test_own"),
    ],
)
def test_scope_is_a_scenario_on_a_release(nodeid: str, scope: str) -> None:
    """Other tests stand for themselves."""
    assert scope == scope_of(nodeid)


@pytest.mark.parametrize(
    ("worker", "workers", "kept"),
    [(0, 3, {4}), (1, 3, {5}), (2, 3, {8}), (4, 5, {5}), (0, 2, None)],
    ids=["first", "second", "third", "more-than-cores", "fewer-than-cores"],
)
def test_workers_share_the_cores_out(
    monkeypatch: pytest.MonkeyPatch, worker: int, workers: int, kept: set[int] | None
) -> None:
    """Where there are fewer workers than cores, each goes where it likes."""
    told: list[set[int]] = []
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {8, 4, 5}, raising=False)
    monkeypatch.setattr(
        "os.sched_setaffinity", lambda _, cores: told.append(set(cores)), raising=False
    )

    keep_to_a_core(worker, workers)

    assert ([] if kept is None else [kept]) == told


TELLS_CORES = """
import os
from pathlib import Path

def pytest_unconfigure(config):
    if hasattr(config, "workerinput"):
        cores = " ".join(map(str, sorted(os.sched_getaffinity(0))))
        Path(f"cores-{config.workerinput['workerid']}").write_text(cores)
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux alone can keep to a core")
@pytest.mark.parametrize("options", [(), ("--all-cores",)], ids=["a core", "all cores"])
def test_worker_has_a_core_or_all(tmp_path: Path, options: Sequence[str]) -> None:
    """As many workers as cores have one each, unless they are told to have all."""
    directory = write_scenarios(tmp_path / "project", {"signed_out": SIGNED_OUT})
    (directory / "conftest.py").write_text(TELLS_CORES)
    cores = sorted(os.sched_getaffinity(0))

    run_suite("-n", str(len(cores)), *options, "scenarios", cwd=directory)

    told = sorted(path.read_text() for path in directory.glob("cores-*"))
    each, together = sorted(map(str, cores)), " ".join(map(str, cores))
    assert told == ([together] * len(cores) if options else each)


def test_waiting_scenarios_have_owners(tmp_path: Path) -> None:
    """One worker after the other; every worker tells the same."""
    waiting = Waiting(tmp_path / "waiting")
    cells = [f"scenarios/{name}.py::{probe}" for name in "abc" for probe in ("read", "turn")]

    waiting.tell(cells)
    waiting.tell(cells)

    assert waiting.owners(2) == {
        "scenarios/a.py::[": "gw0",
        "scenarios/b.py::[": "gw1",
        "scenarios/c.py::[": "gw0",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["waiting"]


def test_nothing_waits_before_it_is_told(tmp_path: Path) -> None:
    """No file, no owner."""
    assert Waiting(tmp_path / "waiting").owners(2) == {}


@define(eq=False)
class Node:
    """A worker as the scheduler sees it."""

    name: str
    sent: list[int] = field(factory=list)
    shutting_down: bool = False

    @property
    def gateway(self) -> Any:
        """Where the scheduler looks for the name."""
        return type("Gateway", (), {"id": self.name})

    def send_runtest_some(self, indices: list[int]) -> None:
        """Take work."""
        self.sent += indices

    def shutdown(self) -> None:
        """Take no more."""
        self.shutting_down = True


@pytest.fixture
def scheduling(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> ScenarioScheduling:
    """Hand out two scenarios, of which the second waits and belongs to gw0."""
    waiting = Waiting(tmp_path / "waiting")
    waiting.tell(["scenarios/wait.py::read"])
    monkeypatch.setattr(pytestconfig.option, "tx", ["2*popen"])
    made = ScenarioScheduling(pytestconfig, None, waiting, Assignments(tmp_path))
    made.workqueue.update(
        {
            "scenarios/wait.py::[": {"scenarios/wait.py::read": False},
            "scenarios/now.py::[": {"scenarios/now.py::read": False},
        }
    )
    return made


def hand_out(scheduling: ScenarioScheduling, *nodes: Node) -> None:
    """Give each node, once, what falls to it."""
    for node in nodes:
        scheduling.assigned_work.setdefault(node, {})
        scheduling.registered_collections[node] = [
            "scenarios/wait.py::read",
            "scenarios/now.py::read",
        ]
    for node in nodes:
        if scheduling.workqueue:
            scheduling._assign_work_unit(node)


def test_what_waits_is_handed_out_last(scheduling: ScenarioScheduling) -> None:
    """Its owner, too, first gets what does not wait."""
    owner = Node("gw0")

    hand_out(scheduling, owner)
    hand_out(scheduling, owner)

    assert owner.sent == [1, 0]


def test_what_waits_is_kept_for_its_owner(scheduling: ScenarioScheduling) -> None:
    """Another worker that has nothing else to do ends."""
    owner, other = Node("gw0"), Node("gw1")

    hand_out(scheduling, other, owner)
    hand_out(scheduling, other)

    assert (other.sent, owner.sent) == ([1], [0])


def test_worker_without_work_of_its_own_ends(scheduling: ScenarioScheduling) -> None:
    """While the owner of what waits is still there."""
    owner, other = Node("gw0"), Node("gw1")
    scheduling.assigned_work[owner] = {}

    hand_out(scheduling, other)
    hand_out(scheduling, other)

    assert (other.sent, other.shutting_down, len(scheduling.workqueue)) == ([1], True, 1)


def test_what_waits_goes_to_anyone_without_its_owner(scheduling: ScenarioScheduling) -> None:
    """One that crashed takes nothing with it."""
    other = Node("gw1")

    hand_out(scheduling, other)
    hand_out(scheduling, other)

    assert {0, 1} == set(other.sent)


def test_what_waits_goes_to_anyone_when_its_owner_ends(scheduling: ScenarioScheduling) -> None:
    """One that takes no more work will not come for it."""
    scheduling.assigned_work[Node("gw0", shutting_down=True)] = {}
    other = Node("gw1")

    hand_out(scheduling, other)
    hand_out(scheduling, other)

    assert ({0, 1}, False) == (set(other.sent), other.shutting_down)


def test_worker_is_told_what_is_coming_to_it(
    scheduling: ScenarioScheduling, tmp_path: Path
) -> None:
    """In the order in which it gets it."""
    with Assignments(tmp_path).listen("gw0") as coming:
        owner = Node("gw0")

        hand_out(scheduling, owner)
        hand_out(scheduling, owner)

        told = [coming.readline(), coming.readline()]
    assert told == ["scenarios/now.py::[\n", "scenarios/wait.py::[\n"]


def test_worker_that_does_not_listen_is_not_waited_for(tmp_path: Path) -> None:
    """It has crashed, or has not begun."""
    Assignments(tmp_path).tell("gw0", "scenarios/now.py::[")

    assert not list(tmp_path.iterdir())


def test_cells_are_found_where_they_are(scheduling: ScenarioScheduling) -> None:
    """As in the list that the worker sent."""
    node, cells = Node("gw0"), ["scenarios/a.py::read", "scenarios/b.py::read"]
    scheduling.assigned_work[node] = {}

    scheduling.add_node_collection(node, cells)

    kept = scheduling.registered_collections[node]
    assert kept == cells
    assert [kept.index(cell) for cell in cells] == [0, 1]


def test_worker_knows_of_some_scenarios_ahead(scheduling: ScenarioScheduling) -> None:
    """Of no more, since others may have nothing left to do."""
    worker = Node("gw1")
    scheduling.workqueue.clear()
    names = [f"scenarios/{letter}.py" for letter in "abcdef"]
    scheduling.workqueue.update({f"{name}::[": {f"{name}::read": False} for name in names})
    scheduling.assigned_work[worker] = {}
    scheduling.registered_collections[worker] = [f"{name}::read" for name in names]

    for _ in names:
        scheduling._reschedule(worker)

    assert len(worker.sent) == AHEAD + 1


@pytest.mark.parametrize("workers", ["0", "1", "2", "3"])
def test_scenarios_that_wait_pass(tmp_path: Path, workers: str) -> None:
    """However many workers there are, each cell is judged once."""
    modules = {"wait_a": EXPIRED, "wait_b": EXPIRED, "now": SIGNED_OUT}
    directory = write_scenarios(tmp_path, modules)

    outcome = run_suite("-n", workers, "scenarios", cwd=directory)

    assert (outcome.exit_code, f"{3 * CELLS} passed" in outcome.text) == (0, True)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_modules_of_one_name_share_nothing(tmp_path: Path, workers: str) -> None:
    """Two directories may each have a module of this name."""
    write_scenarios(tmp_path / "a", {"same": SIGNED_IN})
    write_scenarios(tmp_path / "b", {"same": SIGNED_OUT})
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    outcome = run_suite("-n", workers, "a/scenarios", "b/scenarios", cwd=tmp_path)

    assert (outcome.exit_code, f"{2 * CELLS} passed" in outcome.text) == (0, True)
