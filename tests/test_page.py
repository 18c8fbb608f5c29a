"""The page as data: what is gathered from files of results, and how it is packed."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from running import ROOT
from written import RECORDED, cell, request, scenario, stage, write, write_many

from harness.__main__ import main
from harness.report.page.badge import badges
from harness.report.page.draw import chunks, page
from harness.report.page.gather import gather
from harness.report.page.signals import Signal, signals
from harness.results import ResultsError

SCHEMA = json.loads((ROOT / "harness" / "results.schema.json").read_text())


def index_of(*paths: Path) -> Any:
    """Return what the page is told first."""
    return json.loads(chunks(gather(paths))["index"])


def marks(index: Any) -> dict[str, dict[str, str]]:
    """Return the marks of each probe, a letter a release, by scenario."""
    return {
        one["id"]: {probe: letters for probe, (letters, _) in one["cells"].items()}
        for one in index["scenarios"]
    }


def started(path: Path, when: str) -> Path:
    """Let a run have been started at another time."""
    header, *rest = path.read_text().splitlines()
    first = json.dumps(json.loads(header) | {"started": when})
    path.write_text("\n".join([first, *rest]) + "\n")
    return path


# What is gathered.


def test_matrix_has_every_scenario_and_release(tmp_path: Path) -> None:
    """Scenarios by name, releases by age, a mark for what came of each cell."""
    path = write(
        tmp_path / "run.jsonl",
        scenario("two", folder="refresh"),
        cell("two", release="1.10.0", verdict="failed"),
        cell("two", release="1.9.0"),
        cell("two", "turn", release="1.10.0", verdict="hang"),
        cell("two", "turn", release="1.9.0", verdict="crash"),
        scenario("one"),
        cell("one", release="1.9.0", verdict="not applicable"),
        releases=["1.10.0", "1.9.0"],
    )

    index = index_of(path)

    assert (index["releases"], index["probes"]) == (["1.9.0", "1.10.0"], ["read", "turn"])
    assert [(one["id"], one["folder"], one["description"]) for one in index["scenarios"]] == [
        ("one", "stored", "The state one.\n\nMore about it."),
        ("two", "refresh", "The state two.\n\nMore about it."),
    ]
    assert marks(index) == {"one": {"read": "n."}, "two": {"read": "pf", "turn": "ch"}}


def test_newest_of_several_files_counts(tmp_path: Path) -> None:
    """Cell by cell, whatever the order of the files: a run of one cell leaves the others."""
    older = write(
        tmp_path / "a.jsonl", scenario("one"), cell("one", verdict="failed"), cell("one", "turn")
    )
    newer = write(tmp_path / "b.jsonl", scenario("one"), cell("one"))

    for paths in ([older, newer], [newer, older]):
        index = index_of(*paths)
        assert marks(index) == {"one": {"read": "p", "turn": "p"}}
        assert [run["file"] for run in index["runs"]] == ["b.jsonl", "a.jsonl"]


def test_module_that_could_not_be_loaded_is_at_fault_on_every_release(tmp_path: Path) -> None:
    """Until a newer run could load it."""
    mistake = cell("one", "module", "", verdict="error", seen=None, expected=None, text="oops")
    broken = started(write(tmp_path / "broken.jsonl", mistake, releases=["1.0.0", "2.0.0"]), "2020")
    mended = write(tmp_path / "mended.jsonl", scenario("one"), cell("one"))

    assert marks(index_of(broken)) == {"one": {"module": "ee"}}
    assert marks(index_of(broken, mended)) == {"one": {"read": "p."}}


def test_interrupted_run_is_shown_as_such(tmp_path: Path) -> None:
    """With what it had seen."""
    path = write(tmp_path / "run.jsonl", scenario("one"), cell("one"), ends=False)

    index = index_of(path)

    assert (marks(index), index["runs"][0]["ended"]) == ({"one": {"read": "p"}}, None)


def test_releases_that_see_the_same_are_alike(tmp_path: Path) -> None:
    """What changes from run to run aside; a cell that saw nothing is like no other."""
    ran = ["1.0.0", "2.0.0", "3.0.0", "4.0.0"]
    seen = [{"seconds": 1, "message": "a"}, {"seconds": 2, "message": "a"}, {"message": "b"}]
    path = write(
        tmp_path / "run.jsonl",
        scenario("one"),
        *(
            cell("one", "turn", release, seen=record)
            for release, record in zip(ran, seen, strict=False)
        ),
        cell("one", "turn", "4.0.0", verdict="error", seen=None),
        releases=ran,
    )

    (one,) = index_of(path)["scenarios"]

    assert one["cells"]["turn"] == ["pppe", [0, 0, 1, None]]


def test_without_results_there_is_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says how to make some."""
    monkeypatch.chdir(tmp_path)

    assert main(["report"]) == 2
    assert capsys.readouterr().err == (
        "error: there are no results; make some with: nox -s scenarios\n"
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (cell("one", verdict="fine"), "'fine' is no verdict"),
        (cell("one", release="9.9.9"), "Codex 9.9.9 is none of the releases of the run"),
        (stage("one", transcript=[{"sender": "host"}]), "KeyError('at')"),
    ],
)
def test_line_that_is_none_is_refused(tmp_path: Path, line: Any, says: str) -> None:
    """The message names the file, the scenario and the schema."""
    path = write(tmp_path / "run.jsonl", line, cell("one"))

    with pytest.raises(ResultsError, match=r"run\.jsonl: one: .*results\.schema\.json") as raised:
        gather([path])
    assert says in str(raised.value)


def test_other_file_is_refused(tmp_path: Path) -> None:
    """As by every reader of results."""
    path = tmp_path / "run.jsonl"
    path.write_text("{}\n")

    with pytest.raises(ResultsError, match=r"run\.jsonl:1: no line of results"):
        gather([path])


# The evidence.


def test_evidence_of_a_scenario_is_whole(tmp_path: Path) -> None:
    """Whether several scenarios have a value in common or not; identifiers go by name."""
    uuid = "01a21636-2757-74f3-b61f-c5dfc3ba3f3d"
    said = [
        {"at": 0.25, "sender": "host", "message": {"id": 1, "method": "account/read"}},
        {"at": 0.5, "sender": "codex", "message": {"method": uuid, "emittedAtMs": 1}},
    ]
    asked = request("POST /oauth/token", bearer="access-0", body={"a": uuid})
    for_one = stage("one", transcript=said, requests=[asked], stderr="only here")
    path = write(
        tmp_path / "run.jsonl",
        *(scenario("one"), for_one, cell("one", text="differs", verdict="failed")),
        *(scenario("two"), stage("two", transcript=said[:1]), cell("two")),
    )

    packed = chunks(gather([path]))
    evidence, shared = json.loads(packed["evidence-0"]), json.loads(packed["shared"])

    def value(place: int) -> Any:
        return shared[-1 - place] if place < 0 else evidence["values"][place]

    behind = evidence["stages"]["0"]["session"]
    assert [value(place) for place in evidence["cells"]["read"]["0"]] == [
        {"account": None},
        {"account": None},
        [],
        "differs",
        "nox -s scenarios -- -n 0 'one::read'",
    ]
    assert [(at, sender, value(place)) for at, sender, place in behind["transcript"]] == [
        (250, 0, {"id": 1, "method": "account/read"}),
        (500, 1, {"method": "uuid-1"}),
    ]
    assert [(at, value(one)["bearer"], value(body)) for at, one, body in behind["requests"]] == [
        (500, "access-0", {"a": "uuid-1"})
    ]
    assert (behind["cost"], value(behind["stderr"])) == ([0.5, 0.25, 1], "only here")


def test_requests_are_counted_by_release(tmp_path: Path) -> None:
    """Of all stages together."""
    asked = request("POST /oauth/token")
    path = write(
        tmp_path / "run.jsonl",
        scenario("one"),
        stage("one", requests=[asked]),
        stage("one", stage="logout", requests=[asked, request("GET /v1/models")]),
        cell("one"),
    )

    seen = json.loads(chunks(gather([path]))["seen"])

    (place,) = seen["scenarios"][0]["requests"]
    assert seen["values"][place] == {"GET /v1/models": 1, "POST /oauth/token": 2}


TOKENS = {"tokens": {"access_token": "access-0"}, "OPENAI_API_KEY": None}


@pytest.mark.parametrize(
    ("place", "said", "signal"),
    [
        (0, {"auth_json": TOKENS}, Signal(signed_in=True, words="ChatGPT tokens")),
        (
            0,
            {"auth_json": {"auth_mode": "apikey"}},
            Signal(signed_in=False, words="no credentials"),
        ),
        (0, {"auth_json": "{"}, Signal(signed_in=False, words="no JSON object")),
        (0, {"auth_json": None}, Signal(signed_in=False, words="no auth.json")),
        (
            1,
            {"exit_code": 0, "text": "WARNING: x\nLogged in using ChatGPT\n"},
            Signal(signed_in=True, words="Logged in using ChatGPT"),
        ),
        (1, {"exit_code": 1, "text": ""}, Signal(signed_in=False, words="exit code 1")),
        (
            2,
            {"account": {"type": "chatgpt", "planType": "pro"}, "error": None},
            Signal(signed_in=True, words="chatgpt, pro"),
        ),
        (2, {"account": None, "error": None}, Signal(signed_in=False, words="no account")),
        (
            2,
            {"account": None, "error": {"code": 1, "message": "no"}},
            Signal(signed_in=False, words="no"),
        ),
        (3, {"outcome": "completed"}, Signal(signed_in=True, words="completed")),
        (3, {"outcome": "failed", "message": "401"}, Signal(signed_in=False, words="401")),
        (3, None, Signal(signed_in=None, words="")),
    ],
)
def test_signal_says_whether_somebody_is_signed_in(place: int, said: Any, signal: Signal) -> None:
    """The file, ``login status``, ``account/read`` and the first turn, each in its own words."""
    records: list[Any] = [None] * 4
    records[place] = said

    assert signals(*records)[place] == signal


# The file.


def test_page_runs_nothing_but_its_own_script(tmp_path: Path) -> None:
    """All that comes from results is base64, and the page forbids the browser everything else."""
    hostile = "</script><script>alert(1)</script>"
    path = write(tmp_path / "run.jsonl", scenario(hostile), cell(hostile, text=hostile))

    html = page(gather([path]))

    style, script = (
        re.search(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL) for tag in ("style", "script")
    )
    assert style
    assert script
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', html)
    assert policy
    assert policy[1] == "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{sha256(style[1])}'",
            f"script-src 'sha256-{sha256(script[1])}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    data = re.findall(r'<script type="application/gzip" id="([\w-]+)">([\w+/=]*)</script>', html)
    assert [name for name, _ in data] == ["index", "seen", "shared", "evidence-0"]
    assert hostile in gzip.decompress(base64.b64decode(data[0][1])).decode()
    assert "alert" not in html


def sha256(text: str) -> str:
    """Return a hash as a content security policy has it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_same_results_make_the_same_page(tmp_path: Path) -> None:
    """To the byte."""
    path = write(tmp_path / "run.jsonl", scenario("one"), cell("one"))

    assert page(gather([path])) == page(gather([path]))


def test_page_stays_small(tmp_path: Path) -> None:
    """120 scenarios on 16 releases take less than 5 MB: a twelfth of them less than a twelfth."""
    path = write_many(tmp_path / "many.jsonl", scenarios=10, releases=16)

    assert len(page(gather([path]))) < 5_000_000 / 12


def test_recorded_run_is_as_the_schema_says() -> None:
    """It stands for what a run writes."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        validator.validate(json.loads(line))


def test_report_draws_what_is_in_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page, and a badge for each release."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    write(tmp_path / "results" / "run.jsonl", scenario("one"), cell("one"))

    assert main(["report", "--badges", "badges"]) == 0

    assert "<title>Codex auth scenarios</title>" in Path("results/report.html").read_text()
    assert [path.name for path in Path("badges").iterdir()] == ["codex-1.0.0.svg"]


def test_badge_counts_what_is_as_expected(tmp_path: Path) -> None:
    """Or what differs, faults included; what is not applicable counts nowhere."""
    path = write(
        tmp_path / "run.jsonl",
        scenario("one"),
        cell("one", release="1.0.0"),
        cell("one", "turn", release="1.0.0", verdict="not applicable"),
        cell("one", release="<2>"),
        cell("one", "turn", release="<2>", verdict="failed"),
        releases=["1.0.0", "<2>"],
    )

    drawn = badges(gather([path]))

    titles = {release: re.findall("<title>(.*)</title>", badge) for release, badge in drawn.items()}
    assert titles == {
        "1.0.0": ["Codex 1.0.0: 1 as expected"],
        "<2>": ["Codex &lt;2&gt;: 1 of 2 differ"],
    }
