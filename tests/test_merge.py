"""Results of shards become one whole, and what is not whole is red."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import attrs
import pytest
from running import run_suite, write_scenarios

from harness.__main__ import main
from harness.results import (
    CellResult,
    Results,
    ResultsError,
    ResultsWriter,
    ScenarioResult,
    StageResult,
    Verdict,
    header_of,
    line_of,
)
from harness.seen.records import probes_of
from harness.shards.merge import MergeError, Whole
from harness.shards.plan import Plan, Unit
from harness.shards.shard import Shard

SIGNED_OUT = '''"""Signed out."""
from harness import Scenario
scenario = Scenario(stages=["session"])
'''
RELEASES = ["1.0.0", "1.1.0"]
PROBES = ["start", "turn"]
SHARDS = 5
PLAN = Plan.split(
    [
        Unit(module=f"scenarios/{name}.py", scenario=name, release=release, probes=PROBES)
        for release in RELEASES
        for name in "abcdefgh"
    ],
    SHARDS,
    sources="",
)


def write_shard(
    directory: Path,
    index: int,
    *,
    plan: Plan = PLAN,
    of: Sequence[Unit] | None = None,
    ends: bool = True,
    **changes: Any,
) -> Path:
    """Write the results of a shard, its scenarios in no order.

    Args:
        directory: where.
        index: which shard it is.
        plan: what all of them were to do.
        of: what it did; by default all that it was to do.
        ends: whether it came to its end.
        changes: of the header; ``verdict``: of all cells.

    Returns:
        The file.
    """
    directory.mkdir(exist_ok=True)
    path = directory / f"{index}.jsonl"
    verdict: Verdict = changes.pop("verdict", "passed")
    header = header_of(RELEASES, Shard(index, plan.shards))
    writer = ResultsWriter(path, {**header, **changes})
    writer.plan(plan)
    for unit in reversed(plan.of(index) if of is None else of):
        write_unit(writer, unit, verdict)
    if ends:
        writer.end(int(verdict == "failed"))
    writer.close()
    return path


def write_unit(writer: ResultsWriter, unit: Unit, verdict: Verdict) -> None:
    """Write the cells of a scenario, which share a stage."""
    about: Any = {"scenario": unit.scenario, "release": unit.release}
    scenario = ScenarioResult(
        scenario=unit.scenario, module=unit.module, line=1, kind="home", description="…"
    )
    stage = StageResult(
        **about, stage="session", probes=PROBES, seconds=1, cpu_seconds=1, processes=1
    )
    for probe in unit.probes:
        cell = CellResult(**about, module=unit.module, probe=probe, verdict=verdict)
        stages = [line_of(stage)] if probe == "start" else []
        writer.add(line_of(scenario), stages, line_of(cell), verdict)


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    """Return the results of all shards of a green run."""
    return [write_shard(tmp_path / "shards", index) for index in range(1, SHARDS + 1)]


def test_order_of_shards_does_not_matter(tmp_path: Path, shards: list[Path]) -> None:
    """The whole is the same to the byte."""
    texts = set()
    for number, order in enumerate(list(permutations(shards))[::13]):
        path = tmp_path / f"whole-{number}.jsonl"
        whole = Whole.of(order)
        whole.write(path)
        texts.add(path.read_bytes())

    assert (len(texts), whole.exit_code, whole.missing) == (1, 0, [])


def test_whole_is_what_one_machine_would_have_written(tmp_path: Path, shards: list[Path]) -> None:
    """All cells in the order of the plan, each stage before its cells, each scenario once."""
    path = tmp_path / "whole.jsonl"

    Whole.of(shards).write(path)

    results = Results.read(path)
    assert results.plan == PLAN.unsplit()
    assert results.header["shard"] == "1/1"
    assert [(one.scenario, one.release, one.probe) for one in results.cells] == [
        (unit.scenario, unit.release, probe) for unit in PLAN.units for probe in unit.probes
    ]
    assert len(results.stages) == len(PLAN.units)
    assert list(results.scenarios) == list("abcdefgh")
    assert (results.footer or {})["passed"] == 32


def test_whole_can_be_merged(tmp_path: Path, shards: list[Path]) -> None:
    """It is the only shard of its run, and becomes itself."""
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"

    Whole.of(shards).write(first)
    Whole.of([first]).write(second)

    assert first.read_bytes() == second.read_bytes()


def test_lost_shard_is_red_and_its_cells_are_listed(tmp_path: Path, shards: list[Path]) -> None:
    """The whole is there without a footer, as that of an interrupted run."""
    path = tmp_path / "whole.jsonl"
    lost = PLAN.of(3)

    whole = Whole.of(shards[:2] + shards[3:])
    whole.write(path)

    assert list(whole.lines())[: 1 + len(lost)] == [
        f"shard 3/5 is lost; cells missing: {2 * len(lost)}",
        *(f"    {unit.module} {unit.scenario} on {unit.release}: start turn" for unit in lost),
    ]
    assert (whole.exit_code, Results.read(path).footer) == (1, None)


def test_interrupted_shard_is_red(tmp_path: Path, shards: list[Path]) -> None:
    """What it had seen is in the whole; what it had not is listed."""
    first, *rest = PLAN.of(2)
    shards[1] = write_shard(tmp_path / "other", 2, of=[first], ends=False)

    whole = Whole.of(shards)

    assert whole.exit_code == 1
    assert f"shard 2/5 was interrupted ({shards[1]}); cells missing: {2 * len(rest)}" in list(
        whole.lines()
    )


def test_shard_that_was_interrupted_before_its_plan_is_red(shards: list[Path]) -> None:
    """The others know what it was to run."""
    shards[1].write_text(shards[1].read_text().splitlines()[0] + "\n")

    whole = Whole.of(shards)

    (missing,) = whole.missing
    assert (missing.units, whole.exit_code) == (PLAN.of(2), 1)


def test_shard_without_all_of_its_cells_is_red(tmp_path: Path, shards: list[Path]) -> None:
    """Though it came to its end, as after -x."""
    shards[4] = write_shard(tmp_path / "other", 5, of=PLAN.of(5)[1:])

    whole = Whole.of(shards)

    assert whole.exit_code == 1
    assert f"shard 5/5 did not run all of its cells ({shards[4]}); cells missing: 2" in list(
        whole.lines()
    )


def test_red_cell_is_red_in_the_whole(tmp_path: Path, shards: list[Path]) -> None:
    """And is named."""
    shards[0] = write_shard(tmp_path / "other", 1, verdict="failed")

    whole = Whole.of(shards)

    assert whole.exit_code == 1
    assert [line for line in whole.lines() if line.startswith("failed: ")] == [
        f"failed: {unit}" for unit in PLAN.of(1)
    ]


def test_doubled_shard_is_refused(tmp_path: Path, shards: list[Path]) -> None:
    """Nobody knows which is right."""
    again = write_shard(tmp_path / "again", 2)

    with pytest.raises(MergeError, match="are both shard 2/5; leave one out"):
        Whole.of([*shards, again])


@pytest.mark.parametrize(
    "plan",
    [
        attrs.evolve(PLAN, sources="other"),
        attrs.evolve(PLAN, units=PLAN.units[1:]),
        Plan.split(PLAN.units, SHARDS + 1, sources=""),
    ],
    ids=["sources", "selection", "shards"],
)
def test_shard_of_another_plan_is_refused(tmp_path: Path, shards: list[Path], plan: Plan) -> None:
    """The message names the files of both plans."""
    shards[1] = write_shard(tmp_path / "other", 2, plan=plan)

    with pytest.raises(MergeError, match="not of one plan") as refused:
        Whole.of(shards)

    assert all(str(path) in str(refused.value) for path in shards)


def test_shard_of_another_run_is_refused(tmp_path: Path, shards: list[Path]) -> None:
    """Of the same plan, but on another platform."""
    shards[1] = write_shard(tmp_path / "other", 2, platform="Darwin arm64")

    with pytest.raises(MergeError, match="is of another run"):
        Whole.of(shards)


def test_cell_that_was_not_planned_is_refused(tmp_path: Path, shards: list[Path]) -> None:
    """It belongs to another shard."""
    shards[1] = write_shard(tmp_path / "other", 2, of=PLAN.of(1))

    with pytest.raises(MergeError, match="is not of shard 2/5"):
        Whole.of(shards)


def test_results_without_any_plan_are_refused(shards: list[Path]) -> None:
    """All of them were interrupted before they had one."""
    shards[1].write_text(shards[1].read_text().splitlines()[0] + "\n")

    with pytest.raises(MergeError, match="none of these results came as far as the plan"):
        Whole.of(shards[1:2])


def test_cell_that_stands_twice_is_refused(shards: list[Path]) -> None:
    """The file was not written by one run."""
    *lines, end = shards[0].read_text().splitlines()
    shards[0].write_text("\n".join([*lines, lines[-1], end]) + "\n")

    with pytest.raises(ResultsError, match="stands in it twice"):
        Whole.of(shards)


def test_versions_of_python_may_differ(tmp_path: Path, shards: list[Path]) -> None:
    """Machines are not renewed at the same moment."""
    path = tmp_path / "whole.jsonl"
    shards[1] = write_shard(tmp_path / "other", 2, python="3.99.0")
    shards[2] = write_shard(tmp_path / "other", 3, python="3.98.0")
    rest = [write_shard(tmp_path / "other", index, python="3.98.0") for index in (1, 4, 5)]

    Whole.of([*shards[1:3], *rest]).write(path)

    assert Results.read(path).header["python"] == "3.98.0, 3.99.0"


def test_shards_of_a_real_run_make_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of them, of more shards than scenarios, has nothing to do, and that is no fault."""
    directory = write_scenarios(tmp_path / "project", {"one": SIGNED_OUT})
    files = [tmp_path / f"{index}.jsonl" for index in (1, 2)]
    outcomes = [
        run_suite("--shard", f"{index}/2", f"--results={file}", "scenarios", cwd=directory)
        for index, file in enumerate(files, start=1)
    ]

    exit_code = main(["merge", *map(str, files), "-o", str(tmp_path / "whole.jsonl")])

    cells = len(probes_of("home", ("session",)))
    results = [Results.read(file) for file in (*files, tmp_path / "whole.jsonl")]
    assert [len(one.cells) for one in results] == [cells, 0, cells]
    assert ([outcome.exit_code for outcome in outcomes], exit_code) == ([0, 0], 0)
    assert capsys.readouterr().out == (
        f"2 of 2 shards, 1 scenarios, {cells} cells: {cells} passed\n"
    )
    assert "shard 2/2: 0 of 1 scenarios" in outcomes[1].text


def test_shard_of_a_run_that_selects_nothing_is_red(tmp_path: Path) -> None:
    """A pattern without a match is a mistake, on however many machines."""
    directory = write_scenarios(tmp_path, {"one": SIGNED_OUT})

    outcome = run_suite("--shard=1/2", "-k", "nothing", "scenarios", cwd=directory)

    assert outcome.exit_code == pytest.ExitCode.NO_TESTS_COLLECTED


def test_shard_that_is_none_ends_the_run_at_once(tmp_path: Path) -> None:
    """With a line that says what to write."""
    directory = write_scenarios(tmp_path, {"one": SIGNED_OUT})

    outcome = run_suite("--shard=3/2", "scenarios", cwd=directory)

    assert outcome.exit_code == pytest.ExitCode.USAGE_ERROR
    assert outcome.text.strip() == "ERROR: --shard 3/2: there is no shard 3 of 2"


def test_durations_are_those_of_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the scenarios that are there: a module that is gone is left out."""
    monkeypatch.chdir(write_scenarios(tmp_path / "project", {"a": SIGNED_OUT, "z": SIGNED_OUT}))
    (tmp_path / "project" / "scenarios" / "durations.json").write_text('{"z": 70, "gone": 50}')

    exit_code = main(["durations", str(write_shard(tmp_path, 1, plan=PLAN.unsplit()))])

    assert (exit_code, capsys.readouterr().out) == (
        0,
        "scenarios/durations.json: 2 scenarios, 1 s of processor time\n",
    )
    assert Path("scenarios/durations.json").read_text() == '{\n  "a": 1000,\n  "z": 70\n}\n'
