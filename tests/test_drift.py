"""What changed between releases: read from observations, told cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mutants
import pytest
from packaging.version import Version

from harness.__main__ import main
from harness.codex.binary import Codex, CodexNotFoundError, find_codex, pinned_codex
from harness.codex.schema import account_methods, bundle_of, definitions_of
from harness.drift import questions
from harness.drift.behaviour import (
    MISSING,
    Behaviour,
    Change,
    DriftError,
    behaviours,
    changes,
    steady,
)
from harness.drift.questions import Question, bisect, history
from harness.errors import PlainError
from harness.results import CellResult, Results

HEADER = {"type": "run", "format": 1, "releases": ["1.0.0"]}


def result(**changed: Any) -> CellResult:
    """Return a cell that saw something."""
    said: dict[str, Any] = {
        "scenario": "one",
        "module": "scenarios/one.py",
        "probe": "turn",
        "release": "1.0.0",
        "verdict": "passed",
        "seen": {"outcome": "completed", "seconds": 1.0},
    }
    return CellResult(**(said | changed))


# Behaviour.


def test_behaviour_is_what_was_seen_whatever_the_verdict() -> None:
    """A red cell has been observed like any other."""
    results = Results(HEADER, [result(verdict="failed")], {"type": "end"})

    assert behaviours(results) == {"1.0.0": {("one", "turn"): {"outcome": "completed"}}}


@pytest.mark.parametrize(
    ("cells", "footer", "says"),
    [
        ([result()], None, "did not come to its end"),
        (
            [result(seen=None, verdict="error", text="why")],
            {"type": "end"},
            "could not be observed",
        ),
    ],
    ids=["interrupted", "error"],
)
def test_what_was_not_observed_is_no_behaviour(
    cells: Sequence[CellResult], footer: Mapping[str, Any] | None, says: str
) -> None:
    """Nothing is compared with half a run."""
    with pytest.raises(DriftError, match=says):
        behaviours(Results(HEADER, cells, footer))


def test_cells_stand_in_the_order_of_the_matrix() -> None:
    """Whatever the order in which the workers ended them."""
    cells = [("two", "read"), ("one", "logout"), ("one", "read"), ("one", "start")]
    results = [result(scenario=scenario, probe=probe) for scenario, probe in cells]

    (behaviour,) = behaviours(Results(HEADER, results, {"type": "end"})).values()

    assert [*behaviour] == [("one", "start"), ("one", "read"), ("one", "logout"), ("two", "read")]


def test_not_applicable_is_no_behaviour() -> None:
    """The release cannot have the state."""
    absent = result(seen=None, verdict="not applicable")

    assert behaviours(Results(HEADER, [absent], {"type": "end"})) == {"1.0.0": {}}


def test_what_chance_decides_is_left_out() -> None:
    """Seconds, and the requests that Codex makes in the background."""
    seen = {"seconds": 1.5, "outcome": "x", "counts": {"GET /v1/models": 2, "POST /a": 1}}

    assert steady(seen) == {"outcome": "x", "counts": {"POST /a": 1}}


def test_changes_name_the_way_to_the_value() -> None:
    """Members of a mapping one by one, lists as a whole, and what is new or gone."""
    old: Behaviour = {("one", "turn"): {"a": 1, "b": {"c": 1, "d": 2}, "e": [1], "same": 0}}
    new: Behaviour = {("one", "turn"): {"a": 1, "b": {"c": 3, "f": 4}, "e": [2], "same": 0}}

    assert {
        ("one", "turn"): [
            Change("b, c", 1, 3),
            Change("b, d", 2, MISSING),
            Change("b, f", MISSING, 4),
            Change("e", [1], [2]),
        ]
    } == changes(old, new)


def test_cell_of_one_release_alone_is_a_change() -> None:
    """A state that only the newer one can have."""
    found = changes({}, {("one", "turn"): {}})

    assert {cell: [str(change) for change in several] for cell, several in found.items()} == {
        ("one", "turn"): ["there: False -> True"]
    }


# Questions.


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("one", {("one[a]", "turn"), ("one[a]", "read"), ("one[b]", "turn")}),
        ("one[a]", {("one[a]", "turn"), ("one[a]", "read")}),
        ("one::turn", {("one[a]", "turn"), ("one[b]", "turn")}),
        ("scenarios/one.py::turn", {("one[a]", "turn"), ("one[b]", "turn")}),
    ],
)
def test_question_chooses_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, cells: set[Any]
) -> None:
    """A module stands for all of its variants."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "one.py").touch()
    monkeypatch.chdir(tmp_path)
    behaviour: Behaviour = {
        ("one[a]", "turn"): {},
        ("one[a]", "read"): {},
        ("one[b]", "turn"): {},
        ("two", "turn"): {},
    }

    assert cells == set(Question.parse(text).of(behaviour))


def test_question_about_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error names what is not there, and what is."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlainError, match=r"there is no one\.py in scenarios"):
        Question.parse("one")
    with pytest.raises(DriftError, match=r"one::trun is none of one::turn"):
        Question("one", "trun", Path("one.py")).of({("one", "turn"): {}})


# Bisecting, with releases that are none.


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Eleven releases, of which those from 1.7.0 on do something else; return what is run."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "one.py").touch()
    monkeypatch.chdir(tmp_path)
    run: list[str] = []

    def observed(words: Sequence[str], _arguments: Sequence[str]) -> Mapping[str, Behaviour]:
        run.extend(words)
        return {
            word: {("one", "turn"): {"outcome": "b" if Version(word) >= Version("1.7.0") else "a"}}
            for word in words
        }

    known = [Version(f"1.{minor}.0") for minor in range(11)]
    monkeypatch.setattr(questions, "observe", observed)
    monkeypatch.setattr(questions, "listed_releases", lambda: known)
    monkeypatch.setattr(questions, "_is_obtainable", lambda release, _say: str(release) != "1.5.0")
    return run


def test_bisect_finds_the_first_that_differs(releases: list[str]) -> None:
    """In log2 steps, around a release that cannot be had."""
    said: list[str] = []

    found = bisect("one::turn", "1.0.0", "1.10.0", said.append)

    assert (Version("1.6.0"), Version("1.7.0")) == found
    assert "    one: turn.outcome: a -> b" in said
    assert len(releases) <= 2 + 4
    assert "1.5.0" not in releases


@pytest.mark.usefixtures("releases")
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1.0.0", "1.3.0", "do the same"),
        ("1.3.0", "1.0.0", "the older first"),
        ("1.0.0", "9.0.0", "are no two releases"),
    ],
)
def test_bisect_between_what_is_no_pair_is_refused(old: str, new: str, says: str) -> None:
    """The error says why."""
    with pytest.raises(DriftError, match=says):
        bisect("one", old, new, print)


@pytest.mark.usefixtures("releases")
def test_history_tells_stretches() -> None:
    """In the order of the releases, with what changed at the start of each."""
    said: list[str] = []

    stretches = history("one", ["1.8.0", "1.1.0", "1.2.0"], said.append)

    assert stretches == [["1.1.0", "1.2.0"], ["1.8.0"]]
    assert said == ["1.1.0 to 1.2.0  as at first", "1.8.0", "    one: turn.outcome: a -> b"]


# The commands, on a real Codex and on one that is not in order.


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project with one scenario, in which the commands are given."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p harness.pytest_plugin\n")
    module = '"""Signed in."""\nfrom harness import SIGNED_IN, Scenario\n'
    (tmp_path / "scenarios" / "one.py").write_text(f"{module}scenario = Scenario(auth=SIGNED_IN)\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_compare_tells_what_a_build_of_ones_own_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against the pinned release: in the two cells that show the account, and nowhere else."""
    other = mutants.write_mutant(tmp_path / "codex", mutants.AnotherAccount, pinned_codex())

    exit_code = main(["compare", "pinned", str(other), "scenarios"])

    said = capsys.readouterr().out
    change = "account, email: someone@example.com -> somebody.else@example.com"
    assert exit_code == 0
    assert f"one: read\n    {change}\none: refresh\n    {change}\n" in said
    assert "2 of 13 cells differ" in said
    assert said.endswith("0 account methods differ in the protocols of the two\n")


# The protocol.

PROTOCOL = {
    "ClientRequest": {
        "oneOf": [
            {
                "properties": {
                    "method": {"enum": ["account/login/start"]},
                    "params": {"$ref": "#/definitions/Params"},
                }
            },
            {"properties": {"method": {"enum": ["thread/start"]}, "params": {"type": "object"}}},
        ]
    },
    "Params": {
        "oneOf": [
            {
                "properties": {"type": {"enum": ["apiKey"]}, "apiKey": {"type": "string"}},
                "required": ["type", "apiKey"],
            },
            {
                "properties": {
                    "type": {"enum": ["tokens"]},
                    "plan": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
                "required": ["type"],
            },
        ]
    },
    "LoginAccountResponse": {"properties": {"loginId": {"type": ["string", "null"]}}},
}


def test_account_methods_are_told_in_short() -> None:
    """Fields with their types, a question mark behind those that may be left out."""
    assert account_methods(PROTOCOL) == {
        "ClientRequest account/login/start": {
            "params": {
                "type apiKey": {"apiKey": "string", "type": "apiKey"},
                "type tokens": {"plan?": "string | null", "type": "tokens"},
            },
            "answer": {"loginId?": "string | null"},
        }
    }


def test_real_codex_writes_its_protocol() -> None:
    """With the login of a host, which is experimental, and what it asks the host for."""
    methods = account_methods(definitions_of(bundle_of(find_codex())))

    login = methods["ClientRequest account/login/start"]["params"]["type chatgptAuthTokens"]
    refresh = methods["ServerRequest account/chatgptAuthTokens/refresh"]
    assert {"accessToken", "chatgptAccountId", "chatgptPlanType?", "type"} == set(login)
    assert refresh["params"] == {"reason": "unauthorized", "previousAccountId?": "string | null"}


def test_what_is_no_codex_has_no_protocol(tmp_path: Path) -> None:
    """The error says what it said."""
    path = tmp_path / "codex"
    path.write_text("#!/bin/sh\necho no such command >&2\nexit 1\n")
    path.chmod(0o755)

    with pytest.raises(CodexNotFoundError, match="writes no schema: no such command"):
        bundle_of(Codex(path, "1.2.3"))


@pytest.mark.usefixtures("project")
def test_observe_tells_the_expectation_to_paste(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only what is not expected anyway."""
    other = mutants.write_mutant(tmp_path / "codex", mutants.AnotherAccount, pinned_codex())

    main(["observe", "one::read", "--codex", str(other)])

    said = capsys.readouterr().out
    assert "# one on Codex 0.163.0: 1 of 1 probes saw something else; what they saw:" in said
    assert "expect=Expect(\n    read=Read(\n        account=" in said
    assert "somebody.else@example.com" in said
