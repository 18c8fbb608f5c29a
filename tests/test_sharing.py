"""Stages are shared by scenarios that Codex cannot have told apart, and by no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from running import run_suite, write_scenarios

from harness import (
    SIGNED_IN,
    Backend,
    Host,
    HostTokens,
    Reply,
    RpcError,
    Scenario,
    do,
    signed_in,
)
from harness.codex.app_server import Line
from harness.codex.binary import Codex
from harness.declare.modules import Declared
from harness.results import Results
from harness.seen.journal import Journal, Request
from harness.suite.sharing import Sharing
from harness.suite.stages import STAGES, Evidence, Observation
from harness.world.host import REFRESH

CODEX = Codex(Path("/codex"), "0.163.0", "pinned")
OTHER = Codex(Path("/other"), "0.160.0", "0.160.0")
SESSION, LOGOUT = STAGES[0], STAGES[2]
DOWN = Reply(500, body="oops")

REFUSED = '''"""The token endpoint is down."""
from harness import SIGNED_IN, Backend, Reply, Scenario
scenario = Scenario(auth=SIGNED_IN, backend=Backend(token=Reply(500, body="oops")))
'''
PLAIN = '"""Signed in."""\nfrom harness import *\nscenario = Scenario(auth=SIGNED_IN)\n'


def declared(scenario: Scenario, name: str = "one") -> Declared:
    """Return ``scenario`` as if a module declared it."""
    path = Path(f"scenarios/{name}.py")
    return Declared(name=name, variant="", path=path, description="One.", scenario=scenario)


def asked(*endpoints: str, of_host: bool = False) -> Observation:
    """Return what a stage saw in which Codex asked for this."""
    requests = [
        Request(
            method=method, path=path, bearer=None, account_id=None, body=None, status=200, at=0.1
        )
        for method, path in (endpoint.split(" ") for endpoint in endpoints)
    ]
    transcript = (Line("codex", {"id": 0, "method": REFRESH}, 0.1),) if of_host else ()
    evidence = Evidence(
        transcript=transcript, journal=Journal(requests), cpu_seconds=0.1, processes=1, seconds=0.2
    )
    return Observation({}, evidence)


def found(
    first: Scenario,
    second: Scenario,
    *endpoints: str,
    of_host: bool = False,
) -> Observation | None:
    """Return what ``second`` shares with ``first``, in which Codex asked for this."""
    sharing = Sharing()
    sharing.keep(declared(first), SESSION, CODEX, asked(*endpoints, of_host=of_host))
    return sharing.find(declared(second, "two"), SESSION, CODEX)


ANSWERS = Scenario(auth=SIGNED_IN), Scenario(auth=SIGNED_IN, backend=Backend(token=DOWN))
REFRESHES = (
    Scenario(host=Host()),
    Scenario(host=Host(refreshes=RpcError(-32000, "no"))),
)


def test_answer_that_nobody_asked_for_makes_no_difference() -> None:
    """What is shared costs nothing, and says whose it is."""
    observation = found(*ANSWERS, "GET /v1/models")

    assert observation
    evidence = observation.evidence
    assert (
        evidence.seen_in,
        evidence.processes,
        evidence.cpu_seconds,
        evidence.seconds,
    ) == ("one", 0, 0, 0)


def test_answer_that_was_asked_for_makes_one() -> None:
    """Both ways round."""
    assert found(*ANSWERS, "POST /oauth/token") is None
    assert found(ANSWERS[1], ANSWERS[0], "POST /oauth/token") is None


def test_answer_of_a_host_makes_a_difference_once_it_is_asked_for() -> None:
    """As with the backend."""
    assert found(*REFRESHES)
    assert found(*REFRESHES, of_host=True) is None


@pytest.mark.parametrize(
    "second",
    [
        Scenario(auth=signed_in(account_id="another")),
        Scenario(auth=SIGNED_IN, config={"forced_login_method": "api"}),
        Scenario(auth=SIGNED_IN, env={"OPENAI_API_KEY": "sk-1"}),
        Scenario(auth=SIGNED_IN, backend=Backend(workspaces=[])),
        Scenario(auth=SIGNED_IN, requirements={}),
        Scenario(auth=SIGNED_IN, story=[do.read()]),
        Scenario(auth=SIGNED_IN, host=Host()),
    ],
    ids=["auth", "config", "env", "workspaces", "requirements", "story", "host"],
)
def test_whatever_else_differs_makes_a_difference(second: Scenario) -> None:
    """Though Codex asked for nothing."""
    assert found(Scenario(auth=SIGNED_IN), second) is None
    assert found(second, Scenario(auth=SIGNED_IN)) is None


def test_accounts_that_a_host_has_later_make_a_difference() -> None:
    """The backend lists the workspaces of tokens that the host may come to hand over."""
    elsewhere = Host(refreshes=HostTokens(account_id="another"))

    assert found(Scenario(host=Host()), Scenario(host=elsewhere)) is None


def test_what_is_expected_makes_no_difference() -> None:
    """Nor does whatever else is said to people and to the judge."""
    said: dict[str, Any] = {"reports": ["openai/codex#1"], "lasts": 3}

    assert found(Scenario(auth=SIGNED_IN), Scenario(auth=SIGNED_IN, **said))


def test_story_is_never_shared() -> None:
    """Not even with its equal."""
    told = Scenario(story=[do.read()])

    assert found(told, told) is None


def test_stages_and_releases_are_told_apart() -> None:
    """What one saw says nothing of another."""
    sharing = Sharing()
    one = declared(Scenario())
    sharing.keep(one, SESSION, CODEX, asked())

    assert sharing.find(one, LOGOUT, CODEX) is None
    assert sharing.find(one, SESSION, OTHER) is None
    assert sharing.find(one, SESSION, CODEX)


@pytest.mark.parametrize(
    ("option", "lent"),
    [((), {"session", "logout", "cli"}), (("--unshared",), set())],
    ids=["shared", "not"],
)
def test_run_shares_unless_told_otherwise(
    tmp_path: Path, option: tuple[str, ...], lent: set[str]
) -> None:
    """That the token endpoint is down, only the refresh hears, which is red: nobody expected it."""
    directory = write_scenarios(tmp_path, {"plain": PLAIN, "refused": REFUSED})
    path = tmp_path / "results.jsonl"

    outcome = run_suite("-n", "0", f"--results={path}", *option, "scenarios", cwd=directory)

    assert outcome.failed == {"scenarios/refused.py::refresh"}, outcome.text
    stages = Results.read(path).stages
    assert lent == {stage.stage for stage in stages if stage.seen_in}
    assert {("refused", "plain")} >= {(one.scenario, one.seen_in) for one in stages if one.seen_in}
