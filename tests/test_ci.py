"""What a CI gets of a run: JUnit XML, CTRF, and what GitHub Actions shows."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import frozen
from running import Outcome, run_suite, write_scenarios

from harness.report.github import SHOWN, GitHubPlugin

RED = """'''Red.'''
from harness import *

scenarios = {
    "a": Scenario(stages=["session"]),
    "b": Scenario(
        expect=Expect(turn=Turn(outcome="failed")), stages=["session"]
    ),
    "c": Scenario(stages=["session"], applies=Applies("<0.94.0", "gone")),
}
"""
BROKEN = """'''Broken.'''
from harness import *

scenario = Scenario(outh=1)
"""


@frozen
class Told:
    """What a run has written."""

    outcome: Outcome
    cases: dict[tuple[str, str], ET.Element]
    ctrf: Any
    summary: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Run a red, a broken and a green scenario as a job on GitHub does, below its workspace."""
    workspace = tmp_path_factory.mktemp("workspace")
    project = write_scenarios(workspace / "sub", {"red": RED, "broken": BROKEN})
    outcome = run_suite(
        *("-n", "0", "--junit-xml=junit.xml", "--ctrf=out/ctrf.json", "--results=results.jsonl"),
        cwd=project,
        GITHUB_ACTIONS="true",
        GITHUB_WORKSPACE=str(workspace),
        GITHUB_STEP_SUMMARY=str(workspace / "summary.md"),
    )
    cases = ET.parse(project / "junit.xml").iter("testcase")  # noqa: S314 - our own
    return Told(
        outcome,
        {(case.attrib["classname"], case.attrib["name"]): case for case in cases},
        json.loads((project / "out" / "ctrf.json").read_text()),
        (workspace / "summary.md").read_text(),
    )


def test_junit_names_scenario_probe_and_release(told: Told) -> None:
    """As class, as name, as a property; what failed is said first in its message."""
    case = told.cases["red[b]", "turn"]

    properties = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
    assert properties == {
        "release": "0.163.0",
        "module": "scenarios/red.py",
        "line": "6",
        "verdict": "failed",
    }
    (failure,) = case.iter("failure")
    assert failure.attrib["message"].startswith("outcome: expected 'failed', seen 'completed'\n")
    assert [*told.cases["broken", "module"].iter("error")]
    assert [*told.cases["red[c]", "turn"].iter("skipped")]
    assert float(told.cases["red[a]", "start"].attrib["time"]) > 0.01


def test_ctrf_keeps_to_its_schema(told: Told) -> None:
    """Every cell once, with its own verdict beside the one that CTRF knows."""
    schema = json.loads((Path(__file__).parent / "ctrf.schema.json").read_text())
    jsonschema.validate(told.ctrf, schema)

    results = told.ctrf["results"]
    assert results["tool"]["name"] == "codex-auth-scenarios"
    summary = {name: results["summary"][name] for name in ("tests", "passed", "failed", "skipped")}
    assert summary == {"tests": 28, "passed": 17, "failed": 2, "skipped": 9}
    (test,) = [
        one for one in results["tests"] if one["status"] == "failed" and "red" in one["name"]
    ]
    assert test["message"] == "outcome: expected 'failed', seen 'completed'"
    assert (test["filePath"], test["line"]) == ("scenarios/red.py", 6)
    labels = {"scenario": "red[b]", "probe": "turn", "release": "0.163.0"}
    assert (test["name"], test["labels"]) == ("red[b]: turn on 0.163.0", labels)


def test_github_gets_an_annotation_on_the_line_of_the_scenario(told: Told) -> None:
    """Relative to the workspace; in one line, whatever it says."""
    lines = [line for line in told.outcome.text.splitlines() if line.startswith("::")]

    broken, red = lines
    assert broken.startswith(
        "::error file=sub/scenarios/broken.py,line=4,title=broken::"
        "module: scenarios/broken.py:4: Scenario has no field 'outh'"
    )
    assert red == (
        "::error file=sub/scenarios/red.py,line=6,title=red[b] on Codex 0.163.0::"
        "turn: outcome: expected 'failed', seen 'completed'"
    )


def test_github_gets_a_summary_of_the_job(told: Told) -> None:
    """What there is to say, and how to run it again."""
    assert "### Codex auth scenarios on 0.163.0\n" in told.summary
    assert "2 of 4 scenarios are as expected, 26 of 28 cells." in told.summary
    assert (
        "| `red[b]` | turn | 0.163.0 | `outcome: expected 'failed', seen 'completed'` |\n"
        in told.summary
    )
    assert "again: `nox -s scenarios -- -n 0 " in told.summary


def test_summary_of_very_much_is_cut(tmp_path: Path) -> None:
    """GitHub refuses one that is too long."""
    path = tmp_path / "summary.md"
    plugin = GitHubPlugin({"GITHUB_STEP_SUMMARY": str(path)}, tmp_path)
    for number in range(SHOWN + 5):
        report = pytest.TestReport("", ("x.py", 3, ""), {}, "failed", "100%\nmore", "call")
        report.cell = {  # type: ignore[attr-defined]
            "scenario": f"s{number}",
            "module": "x.py",
        }
        plugin.pytest_runtest_logreport(report)

    assert len([*plugin._annotations()]) == SHOWN + 5
    assert next(plugin._annotations()) == "::error file=x.py,line=4,title=s0::module: 100%25"
    text = "\n".join(plugin._blocks())
    assert (text.count("| `s"), "and 5 more" in text) == (SHOWN, True)


def test_terminal_ends_with_what_to_do(told: Told) -> None:
    """Where the evidence lies, and how to run one cell, or all that is red, again."""
    lines = told.outcome.text.splitlines()

    at = lines.index("The evidence of all: results.jsonl; as a page: nox -s report")
    assert lines[at + 1 : at + 3] == [
        "One of them again:   nox -s scenarios -- -n 0 'scenarios/red.py::turn[b]'",
        "All of them again:   nox -s scenarios -- --lf",
    ]
    assert "[100%] 4 of 4 scenarios, 2 not as expected" in lines
