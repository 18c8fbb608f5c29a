"""Results as data: every line is as the published schema says, also of a run that broke off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from packaging.version import Version
from running import ROOT, run_suite, write_scenarios

from harness import Asked, Read, RpcError, Turn, between, matching
from harness.results import (
    CellResult,
    Results,
    ResultsError,
    ResultsWriter,
    ScenarioResult,
    StageResult,
    as_json,
    header_of,
    line_of,
)

SCHEMA = json.loads((ROOT / "harness" / "results.schema.json").read_text())
GOOD = '''"""Signed out."""
from harness import Scenario
scenario = Scenario()
'''
BAD = '''"""Signed out, they say."""
from harness import Applies, Expect, Read, Scenario, matching
scenarios = {
    "wrong": Scenario(expect=Expect(read=Read(error=matching("x")))),
    "never": Scenario(applies=Applies(">=99.0.0", "too new")),
}
'''


def cell(**changes: Any) -> CellResult:
    """Return a line."""
    said: dict[str, Any] = {
        "scenario": "one",
        "module": "scenarios/one.py",
        "probe": "read",
        "release": "1.2.3",
        "verdict": "passed",
    }
    return CellResult(**(said | changes))


SCENARIO = ScenarioResult(
    scenario="one", module="scenarios/one.py", line=3, kind="home", description="Signed out."
)
STAGE = StageResult(
    scenario="one",
    release="1.2.3",
    stage="session",
    probes=["read"],
    seconds=1.0,
    cpu_seconds=0.5,
    processes=1,
    transcript=[{"at": 0.1, "sender": "host", "message": {"id": 1}}],
    before={"auth_json": None, "mode": None, "entries": []},
    endings=["codex app-server: exit code 0"],
)


def write(writer: ResultsWriter, *cells: CellResult) -> None:
    """Write cells of the scenario, the first with its stage."""
    for index, one in enumerate(cells):
        stages = [] if index else [line_of(STAGE)]
        writer.add(line_of(SCENARIO), stages, line_of(one), one.verdict)


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Return what stands in a file of results."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_lines_of_a_real_run_are_as_the_schema_says(tmp_path: Path) -> None:
    """Passed, failed, broken and not applicable cells, a header and a footer."""
    modules = {"good": GOOD, "bad": BAD, "broken": "import nothing.of.the.kind"}
    directory = write_scenarios(tmp_path / "project", modules)
    path = tmp_path / "results" / "run.jsonl"

    run_suite("-n", "2", f"--results={path}", "scenarios", cwd=directory)

    lines = lines_of(path)
    for line in lines:
        jsonschema.validate(line, SCHEMA)
    verdicts = [line["verdict"] for line in lines if line["type"] == "cell"]
    kinds = [line["type"] for line in lines]
    assert (kinds[0], kinds[-1]) == ("run", "end")
    assert {kind: kinds.count(kind) for kind in ("scenario", "stage", "cell")} == {
        "scenario": 3,
        "stage": 8,
        "cell": 40,
    }
    assert {verdict: verdicts.count(verdict) for verdict in set(verdicts)} == {
        "passed": 25,
        "failed": 1,
        "error": 1,
        "not applicable": 13,
    }
    assert {
        name: lines[-1][name] for name in ("cells", "passed", "failed", "error", "not applicable")
    } == {"cells": 40, "passed": 25, "failed": 1, "error": 1, "not applicable": 13}


def test_failed_cell_says_what_was_seen_and_expected(tmp_path: Path) -> None:
    """As data and as the text that a person reads."""
    directory = write_scenarios(tmp_path / "project", {"bad": BAD})
    path = tmp_path / "run.jsonl"

    run_suite("-n", "0", f"--results={path}", "scenarios", cwd=directory)

    (failed,) = [one for one in Results.read(path).cells if one.verdict == "failed"]
    seen = failed.seen or {}
    assert (failed.scenario, failed.probe, seen["account"]) == ("bad[wrong]", "read", None)
    assert (failed.expected or {})["error"] == "matching('x')"
    assert failed.differences == [{"field": "error", "expected": "matching('x')", "seen": None}]
    assert failed.again.endswith(" 'scenarios/bad.py::read[wrong]'")
    assert "--- JSON-RPC" in failed.text
    assert Version(failed.release)


def test_evidence_stands_before_the_cells_that_share_it(tmp_path: Path) -> None:
    """What the module says, once; what was said and asked, and what the home held, by stage."""
    source = GOOD.replace("Scenario()", "Scenario(auth=SIGNED_IN)").replace(
        "import Scenario", "import SIGNED_IN, Scenario"
    )
    directory = write_scenarios(tmp_path / "project", {"good": source})
    path = tmp_path / "run.jsonl"

    run_suite("-n", "0", f"--results={path}", "scenarios", cwd=directory)

    results = Results.read(path)
    assert results.scenarios == {
        "good": ScenarioResult(
            scenario="good",
            module="scenarios/good.py",
            line=3,
            kind="home",
            description="Signed out.",
        )
    }
    stages = {stage.stage: stage for stage in results.stages}
    session = stages["session"]
    assert [line["type"] for line in lines_of(path)][:5] == [
        *("run", "plan", "scenario", "stage", "cell")
    ]
    assert session.transcript[0]["message"]["method"] == "initialize"
    assert [one["bearer"] for one in session.requests if one["path"] == "/v1/responses"] == [
        "access-0"
    ]
    assert session.before["auth_json"]["tokens"]["access_token"] == "access-0"
    assert stages["logout"].after["auth_json"] is None
    assert "$ codex login status" in stages["cli"].stderr


def test_long_message_is_cut(tmp_path: Path) -> None:
    """The prompt of a turn fills half of all bodies, and says nothing of auth."""
    directory = write_scenarios(tmp_path / "project", {"good": GOOD})
    path = tmp_path / "run.jsonl"

    run_suite("-n", "0", f"--results={path}", "scenarios", "-k", "turn", cwd=directory)

    (stage,) = Results.read(path).stages
    (body,) = [one["body"] for one in stage.requests if one["path"] == "/v1/responses"]
    assert (body[:10], len(body), body[-1]) == ('{"model": ', 4001, "…")


def test_runs_are_told_apart_by_when_they_began() -> None:
    """However soon one follows another; where both have a cell, the newer one counts."""
    began = [header_of(["1.2.3"])["started"] for _run in range(100)]

    assert began == sorted(set(began))


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Header, scenario, stage, cells, footer."""
    path = tmp_path / "deep" / "run.jsonl"
    writer = ResultsWriter(path, header_of(["1.2.3"]))
    cells = [cell(differences=[], seen={"account": None}), cell(differences=[], probe="turn")]
    write(writer, *cells)
    writer.end(0)

    results = Results.read(path)

    assert (results.scenarios, results.stages, results.cells) == (
        {"one": SCENARIO},
        [attrs.evolve(STAGE, requests=[])],
        cells,
    )
    assert (
        results.header["releases"],
        (results.footer or {})["passed"],
        (results.footer or {})["exit_code"],
    ) == (["1.2.3"], 2, 0)


def test_each_line_is_there_at_once(tmp_path: Path) -> None:
    """A run that is killed leaves what it has seen, and no footer."""
    path = tmp_path / "run.jsonl"
    writer = ResultsWriter(path, header_of([]))
    write(writer, cell())

    results = Results.read(path)

    assert (len(results.cells), results.footer) == (1, None)
    writer.close()


def test_torn_last_line_is_left_out(tmp_path: Path) -> None:
    """It was being written when the run was killed."""
    path = tmp_path / "run.jsonl"
    writer = ResultsWriter(path, header_of([]))
    write(writer, cell())
    writer.close()
    path.write_text(path.read_text() + '{"type": "cell", "scen')

    assert len(Results.read(path).cells) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: no results of format 2"),
        ('{"type": "run", "format": 99}\n', ":1: no results of format 2"),
        ('{"type": "run", "format": 2}\n{"torn\n{"type": "end"}\n', ":2: no JSON"),
        ('{"type": "run", "format": 2}\n[]\n{"type": "end"}\n', ":2: no line of results"),
        ('{"type": "run", "format": 2}\n{"type": "cell"}\n', ":2: no line of results: "),
    ],
    ids=["empty", "newer", "torn", "foreign", "incomplete"],
)
def test_other_files_are_refused(tmp_path: Path, text: str, says: str) -> None:
    """The error names the file and the line."""
    path = tmp_path / "run.jsonl"
    path.write_text(text)

    with pytest.raises(ResultsError, match=f"^{path}{says}"):
        Results.read(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """The error says so."""
    with pytest.raises(ResultsError, match="No such file"):
        Results.read(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("value", "json_value"),
    [
        (
            Read(account={"type": "x"}, error=RpcError(1, "m")),
            {"account": {"type": "x"}, "error": {"code": 1, "message": "m"}},
        ),
        (
            Turn(host=[Asked("r", None, "never")]),
            {"host": [{"reason": "r", "previous_account_id": None, "answer": "never"}]},
        ),
        (
            Turn(message=matching("a"), seconds=between(9, 12)),
            {"message": "matching('a')", "seconds": "between(9, 12)"},
        ),
        ((1, 2.5, True, None, "x"), [1, 2.5, True, None, "x"]),
    ],
    ids=["nested", "asked", "matchers", "plain"],
)
def test_record_becomes_json(value: Any, json_value: Any) -> None:
    """Fields that are not set are left out; a matcher stands as it is written."""
    assert json_value == json.loads(json.dumps(as_json(value)))
