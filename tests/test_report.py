"""What a person reads of a run: the table at its end, and the text of a red cell."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import pytest

from harness import Read, Requests, RpcError, Scenario, Turn, matching
from harness.codex.app_server import Line
from harness.codex.binary import Codex
from harness.declare.modules import Declared
from harness.judge.judge import judge
from harness.report.failure import Deviates, describe
from harness.report.table import COLUMNS, Row, rows_of, write_table
from harness.seen.journal import Journal, Request
from harness.seen.records import Record
from harness.suite.stages import Evidence

HEADER = "scenario  " + "  ".join(COLUMNS["scenario"])

DECLARED = Declared(
    name="expired",
    variant="reused",
    path=Path("scenarios/expired.py"),
    description="The token has expired.\n\nMore about it.",
    scenario=Scenario(),
)


def report(
    scenario: str = "one",
    probe: str | None = "read",
    when: Literal["setup", "call", "teardown"] = "call",
    outcome: Literal["passed", "failed", "skipped"] = "passed",
    **properties: Any,
) -> pytest.TestReport:
    """Return the report of a phase of a cell."""
    made = pytest.TestReport(
        nodeid=f"scenarios/{scenario}.py::{probe}",
        location=("", 0, ""),
        keywords={},
        outcome=outcome,
        longrepr=None,
        when=when,
    )
    told = {"scenario": scenario, **({"probe": probe} if probe else {}), **properties}
    made.cell = told  # type: ignore[attr-defined]
    return made


class Terminal(io.TextIOWrapper):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def table(
    config: pytest.Config, *reports: Any, encoding: str = "utf-8", width: int | None = None
) -> list[str]:
    """Return the lines that a log, or a terminal of this width, gets for these reports."""
    written = io.BytesIO()
    kind = Terminal if width else io.TextIOWrapper
    file = kind(written, encoding=encoding, write_through=True)
    terminal = pytest.TerminalReporter(config, file)
    terminal._tw.hasmarkup = False
    terminal._tw.fullwidth = width or 80
    terminal.stats = {"": [*reports]}
    write_table(terminal)
    return written.getvalue().decode(encoding).splitlines()


def cell_of(lines: list[str], scenario: str, probe: str) -> str:
    """Return what stands in the table below ``probe``."""
    header = next(line for line in lines if line.startswith("scenario"))
    row = next(line for line in lines if line.startswith(f"{scenario} "))
    start = header.index(f"  {probe}  ") + 2
    return row[start : start + len(probe)].strip()


def asked(**changes: Any) -> Request:
    """Return a request for the journal."""
    request: dict[str, Any] = {
        "method": "GET",
        "path": "/v1/models",
        "bearer": None,
        "account_id": None,
        "body": "",
        "status": 200,
        "at": 1.5,
    }
    return Request(**(request | changes))


def failure(
    expected: Record = Read(account=None),  # noqa: B008 - it is immutable
    seen: Record = Read(account={"type": "chatgpt"}),  # noqa: B008
    *,
    probe: str = "read",
    **evidence: Any,
) -> list[str]:
    """Return the lines of a red cell."""
    text = describe(
        Deviates(judge(expected, seen)),
        Evidence(**evidence),
        declared=DECLARED,
        probe=probe,
        codex=Codex(Path("codex"), "1.2.3"),
        again="nox -s scenarios -- 'the cell'",
    )
    return text.splitlines()


def section(lines: list[str], title: str) -> list[str]:
    """Return what stands below a title."""
    rest = lines[lines.index(f"--- {title} ---") + 1 :]
    return rest[: rest.index("")] if "" in rest else rest


# The rows.


def test_row_is_a_scenario() -> None:
    """Its cells share it; rows are sorted by name."""
    rows = rows_of([report("b"), report("a[x]"), report("a[x]", "turn", outcome="failed")])[""]

    assert [("a[x]", {"read": "passed", "turn": "failed"}), ("b", {"read": "passed"})] == [
        (name, row.outcomes) for name, row in rows.items()
    ]


@pytest.mark.parametrize(
    ("phases", "outcome"),
    [
        ({"setup": "passed", "call": "passed", "teardown": "passed"}, "passed"),
        ({"setup": "passed", "call": "failed", "teardown": "passed"}, "failed"),
        ({"setup": "failed", "teardown": "passed"}, "error"),
        ({"setup": "passed", "call": "passed", "teardown": "failed"}, "error"),
    ],
    ids=["passed", "failed", "error", "error afterwards"],
)
def test_outcome_is_that_of_the_worst_phase(phases: dict[Any, Any], outcome: str) -> None:
    """Only a call that failed is a failure of Codex; anything else is an error of ours."""
    rows = rows_of([report(when=when, outcome=result) for when, result in phases.items()])[""]

    assert {"read": outcome} == rows["one"].outcomes


def test_row_sums_up_what_it_cost() -> None:
    """What each stage cost, told by the first of its cells."""
    cost = {"seconds": 0.75, "cpu_seconds": 0.5, "processes": 1}

    rows = rows_of([report(stage=cost), report(probe="turn"), report(probe="logout", stage=cost)])

    passed = dict.fromkeys(("read", "turn", "logout"), "passed")
    row = Row(outcomes=passed, seconds=1.5, cpu_seconds=1.0, processes=2)
    assert {"": {"one": row}} == rows


def test_rows_stand_with_their_release() -> None:
    """Releases in order of their age; a module that could not be loaded stands with the oldest."""
    releases = rows_of(
        [
            report("one", release="0.100.0"),
            report("one", release="0.99.0"),
            report("broken", probe=None, when="setup", outcome="failed"),
        ]
    )

    assert [("0.99.0", ["broken", "one"]), ("0.100.0", ["one"])] == [
        (release, list(rows)) for release, rows in releases.items()
    ]


def test_other_tests_have_no_row() -> None:
    """Only cells of scenarios do."""
    other = report()
    del other.cell

    assert {} == rows_of([other])


# The table.


def test_table_without_scenarios_is_none(pytestconfig: pytest.Config) -> None:
    """A run of other tests prints nothing more than before."""
    assert [] == table(pytestconfig)


def test_table_names_the_release_and_the_probes(pytestconfig: pytest.Config) -> None:
    """The title says which Codex it was; there is a column for each probe."""
    lines = table(pytestconfig, report(release="1.2.3"))

    assert (" Codex 1.2.3 ", HEADER) == (lines[0].strip("="), lines[1])


def test_table_says_that_no_codex_ran(pytestconfig: pytest.Config) -> None:
    """When every module was broken, for example."""
    lines = table(pytestconfig, report(probe=None, when="setup", outcome="failed"))

    assert " Codex (none ran) " == lines[0].strip("=")


@pytest.mark.parametrize(
    ("encoding", "marks"),
    [("utf-8", ["✓", "✗", "!", "·"]), ("ascii", [".", "F", "E", ""])],
    ids=["unicode", "ascii"],
)
def test_table_marks_outcomes(pytestconfig: pytest.Config, encoding: str, marks: list[str]) -> None:
    """Passed, failed, error, not run; in letters where a terminal knows no other signs."""
    lines = table(
        pytestconfig,
        report(probe="start"),
        report(probe="read", outcome="failed"),
        report(probe="status", when="setup", outcome="failed"),
        encoding=encoding,
    )

    assert marks == [cell_of(lines, "one", probe) for probe in COLUMNS["scenario"][:4]]


def test_table_is_as_wide_as_the_longest_name(pytestconfig: pytest.Config) -> None:
    """Columns stand below their titles whatever the names are."""
    lines = table(
        pytestconfig,
        report("short", "cli_logout", outcome="failed"),
        report("a_long_name[with.a.variant]", "cli_logout"),
    )

    assert ("✗", "✓") == (
        cell_of(lines, "short", "cli_logout"),
        cell_of(lines, "a_long_name[with.a.variant]", "cli_logout"),
    )


def test_table_is_close_on_a_narrow_terminal(pytestconfig: pytest.Config) -> None:
    """One column a mark, in the order that is said first; what is red is named."""
    reports = [
        report("a_long_name[with.a.variant.that.is.long.as.well]", "start"),
        report("a_long_name[with.a.variant.that.is.long.as.well]", "read", outcome="failed"),
        report("short", "wire"),
    ]

    _, *lines, _ = table(pytestconfig, *reports, width=80)

    assert lines == [
        "scenario: start, read, status, limits, turn, home, requests, refresh, logout,",
        "cli_status, cli_logout, wire, traces",
        "a_long_name[with.a.variant.that.is.lon…  ✓✗···········  read",
        "short                                    ···········✓·  0.0 s",
    ]


def test_many_scenarios_are_counted_where_all_is_as_expected(pytestconfig: pytest.Config) -> None:
    """By folder; only those that differ have a row."""
    path = "scenarios/refresh/x.py"
    green = [report(f"green_{number}", module=path) for number in range(39)]
    absent = report("absent", outcome="skipped", not_applicable="why", module="scenarios/y.py")

    _, *lines, _ = table(pytestconfig, *green, absent, report("red", outcome="failed", module=path))

    assert [line.split() for line in lines] == [
        HEADER.replace("scenario  ", "scenario ").split(),
        ["red", "·", "✗", *"···········", "0.0", "s"],
        ["as", "expected", "scenarios", "cells", "not", "applicable"],
        ["refresh", "39", "39"],
        ["scenarios", "1", "0", "1"],
    ]


def test_table_of_several_releases_has_a_column_for_each(pytestconfig: pytest.Config) -> None:
    """Below it stands the worst of the cells; the probes that differ are named."""
    lines = table(
        pytestconfig,
        report(release="0.99.0"),
        report(release="0.100.0", probe="turn", outcome="failed"),
        report(release="0.100.0"),
        report("two", release="0.99.0", outcome="skipped", not_applicable="newer"),
        report("two", release="0.100.0", when="setup", outcome="failed"),
    )

    assert lines[0].strip("=") == " Codex 0.99.0, 0.100.0 "
    assert lines[1:4] == [
        "scenario  0.99.0  0.100.0",
        "one         ✓        ✗     turn",
        "two         -        !     read",
    ]
    assert lines[4].startswith("2 scenarios on 2 releases, 5 cells: ")


def test_table_tells_a_broken_module(pytestconfig: pytest.Config) -> None:
    """It has a row without marks that says so."""
    lines = table(pytestconfig, report(probe=None, when="setup", outcome="failed"))

    assert lines[2].endswith("  the module could not be loaded")


def test_table_ends_with_totals(pytestconfig: pytest.Config) -> None:
    """Scenarios, cells by outcome, and the cost."""
    lines = table(
        pytestconfig,
        report(when="setup", stage={"seconds": 1.0, "cpu_seconds": 0.5, "processes": 2}),
        report(),
        report(probe="turn", outcome="failed"),
        report("two"),
    )

    assert (
        "2 scenarios, 3 cells: 2 passed, 1 failed; 2 Codex processes, 0.5 s of processor time"
        == lines[-1]
    )


# The text of a red cell.


def test_failure_is_titled() -> None:
    """With scenario, probe and release, and the first line of what the module says of itself."""
    assert [
        "--- expired[reused]: read (Codex 1.2.3) ---",
        "The token has expired.",
    ] == failure()[2:4]


def test_failure_begins_with_all_of_it_on_a_line() -> None:
    """Which pytest repeats in its summary; long values are cut."""
    lines = failure(
        Turn(outcome="completed", message=None, bearers=()),
        Turn(outcome="failed", message="x" * 50, bearers=()),
    )

    assert lines[0] == (
        f"outcome: expected 'completed', seen 'failed'; message: expected None, seen '{'x' * 39}…"
    )


def test_failure_shows_expected_against_seen() -> None:
    """Field by field, before all evidence."""
    lines = failure(
        Turn(outcome="completed", message=matching("a"), kind=None),
        Turn(outcome="failed", message="b", kind=None),
        probe="turn",
    )

    assert [
        "turn.outcome:",
        "    expected: 'completed'",
        "    seen:     'failed'",
        "turn.message:",
        "    expected: matching('a')",
        "    seen:     'b'",
    ] == lines[5:11]


def test_failure_shows_a_mapping_as_a_diff() -> None:
    """Only members that differ have two lines."""
    lines = failure(
        Requests(counts={"GET /a": 1, "GET /b": 1}),
        Requests(counts={"GET /a": 1, "GET /b": 2}),
        probe="requests",
    )

    assert [
        "requests.counts:",
        "    GET /a: 1",
        "  - GET /b: 1",
        "  + GET /b: 2",
    ] == lines[5:9]


def test_failure_shows_members_on_one_side_only() -> None:
    """One line for each."""
    lines = failure(Requests(counts={"GET /a": 1}), Requests(counts={"GET /b": 2}))

    assert ["  - GET /a: 1", "  + GET /a: 0", "  - GET /b: 0", "  + GET /b: 2"] == lines[6:10]


def test_failure_shows_a_member_that_is_none_and_missing() -> None:
    """``None`` is not nothing."""
    lines = failure(Read(account={"email": None}), Read(account={}))

    assert ["  - email: None", ""] == lines[6:8]


def test_failure_tells_true_from_one() -> None:
    """What the judge tells apart, the text does."""
    lines = failure(Read(account={"a": 1}), Read(account={"a": True}))

    assert ["  - a: 1", "  + a: True", ""] == lines[6:9]


def test_failure_shows_an_error_instead_of_an_answer() -> None:
    """With code and message."""
    lines = failure(Read(error=None), Read(error=RpcError(-32600, "no")))

    assert "    seen:     RpcError(code=-32600, message='no')" in lines


def test_failure_breaks_long_values() -> None:
    """The lines of a value stand below each other."""
    lines = failure(Turn(bearers=()), Turn(bearers=("x" * 50, "y" * 50)), probe="turn")

    assert [f"    seen:     ('{'x' * 50}',", f"               '{'y' * 50}')"] == lines[7:9]


def test_failure_shows_the_transcript() -> None:
    """Who said what and when."""
    transcript = (
        Line("host", {"id": 1, "method": "account/read"}, 0.5),
        Line("codex", {"id": 1, "result": {"account": "ä"}}, 12.25),
        Line("codex", "no JSON", 13),
    )

    assert [
        '   0.500 --> {"id": 1, "method": "account/read"}',
        '  12.250 <-- {"id": 1, "result": {"account": "ä"}}',
        "  13.000 <-- no JSON",
    ] == section(failure(transcript=transcript), "JSON-RPC (--> to Codex, <-- from Codex)")


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ({"method": "item/started"}, 0),
        ({"method": "account/updated"}, 1),
        ({"id": 1, "method": "item/ask"}, 1),
        ({"id": 1, "result": {}}, 1),
    ],
    ids=["noise", "of auth", "request", "answer"],
)
def test_failure_leaves_out_what_says_nothing_of_auth(message: Any, count: int) -> None:
    """Some notifications are noise; nothing that asks or answers is."""
    lines = failure(transcript=(Line("codex", message, 0), Line("codex", "x", 0)))

    assert count + 1 == len(section(lines, "JSON-RPC (--> to Codex, <-- from Codex)"))


def test_failure_cuts_long_messages() -> None:
    """And shows that it did."""
    (line,) = section(
        failure(transcript=(Line("codex", "x" * 401, 0),)),
        "JSON-RPC (--> to Codex, <-- from Codex)",
    )

    assert f"   0.000 <-- {'x' * 400}…" == line


def test_failure_shows_the_journal() -> None:
    """What was asked with which token, and what was answered."""
    journal = Journal(
        [
            asked(bearer="access-0", account_id="workspace-1"),
            asked(status=0),
            asked(method="CONNECT", path="chatgpt.com:443", status=502),
        ]
    )

    assert [
        "   1.500 GET /v1/models -> 200  bearer access-0, account workspace-1",
        "   1.500 GET /v1/models -> dropped  bearer none, account none",
        "   1.500 CONNECT chatgpt.com:443 -> 502  bearer none, account none",
    ] == section(failure(journal=journal), "requests to the backend")


def test_failure_shows_the_body_of_a_refresh() -> None:
    """Bodies of OAuth requests matter; others are long."""
    journal = Journal(
        [
            asked(method="POST", path="/oauth/token", body={"refresh_token": "refresh-0"}),
            asked(method="POST", path="/v1/responses", body={"input": "long"}),
        ]
    )

    assert [
        "   1.500 POST /oauth/token -> 200  bearer none, account none",
        '         {"refresh_token": "refresh-0"}',
        "   1.500 POST /v1/responses -> 200  bearer none, account none",
    ] == section(failure(journal=journal), "requests to the backend")


@pytest.mark.parametrize(
    ("transcript", "title"),
    [((Line("host", {}, 0),), "standard error"), ((), "terminal")],
    ids=["app-server", "command"],
)
def test_failure_shows_what_was_printed(transcript: Any, title: str) -> None:
    """Standard error of an app-server, all that a command said on a terminal."""
    assert ["a", "b"] == section(failure(transcript=transcript, stderr="a\nb\n"), title)


@pytest.mark.parametrize(
    "title", ["JSON-RPC (--> to Codex, <-- from Codex)", "requests to the backend", "terminal"]
)
def test_failure_says_that_there_is_no_evidence(title: str) -> None:
    """An empty section is told from a forgotten one."""
    assert ["(none)"] == section(failure(), title)


def test_failure_ends_with_the_command_that_runs_it_again() -> None:
    """To be copied."""
    assert ["--- run this cell again ---", "nox -s scenarios -- 'the cell'"] == failure()[-2:]


def test_deviation_names_the_fields() -> None:
    """The short summary of pytest shows them."""
    differences = judge(Turn(outcome="completed", kind=None), Turn(outcome="failed", kind="other"))

    assert "outcome, kind" == str(Deviates(differences))


def test_crash_tells_how_codex_ended_and_its_last_messages() -> None:
    """Whatever they are about."""
    said = [Line("codex", {"method": f"item/{number}"}, 0.5) for number in range(5)]

    lines = failure(
        Read(error=None),
        Read(error="died: Codex ended without an answer"),
        transcript=tuple(said),
        endings=("codex app-server: killed by SIGSEGV",),
    )

    assert lines[0].startswith("CRASH: error: expected None, seen ")
    assert lines[2] == "--- CRASH: expired[reused]: read (Codex 1.2.3) ---"
    assert ["codex app-server: killed by SIGSEGV"] == section(lines, "how Codex ended")
    assert [2, 3, 4] == [
        number for number in range(5) if any(f"item/{number}" in line for line in lines)
    ]
