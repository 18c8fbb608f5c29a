"""Which shard runs what: the same on every machine, evenly, and a scenario as a whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest

from harness.digest import digest_of, harness_files
from harness.shards.durations import UNKNOWN, Durations, DurationsError
from harness.shards.plan import Plan, Unit
from harness.shards.shard import SYSTEMS, WHOLE, Shard, ShardError


@pytest.mark.parametrize("word", ["1/1", "2/5", "5/5"])
def test_shard_is_shown_as_it_is_written(word: str) -> None:
    """Whatever the variables say."""
    variables = {"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "7"}

    assert word == str(Shard.parse(word, variables))


@pytest.mark.parametrize(
    ("variables", "shard"),
    [
        ({}, WHOLE),
        ({"CI_NODE_TOTAL": "1"}, WHOLE),
        ({"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"}, Shard(2, 5)),
        ({"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "1"}, WHOLE),
        ({"CIRCLE_NODE_INDEX": "1", "CIRCLE_NODE_TOTAL": "5"}, Shard(2, 5)),
        ({"BUILDKITE_PARALLEL_JOB": "1", "BUILDKITE_PARALLEL_JOB_COUNT": "5"}, Shard(2, 5)),
        ({"TEST_SHARD_INDEX": "1", "TEST_TOTAL_SHARDS": "5"}, Shard(2, 5)),
        ({"JOB_COMPLETION_INDEX": "1", "JOB_COMPLETIONS": "5"}, Shard(2, 5)),
    ],
)
def test_auto_is_what_the_variables_say(variables: Mapping[str, str], shard: Shard) -> None:
    """Some systems count from 0, and some set a total where nothing is split."""
    assert shard == Shard.parse("auto", variables)


def test_bazel_is_told_that_the_run_can_be_split(tmp_path: Path) -> None:
    """Or it would fail a test that it splits."""
    status = tmp_path / "status"
    variables = {"TEST_SHARD_INDEX": "0", "TEST_TOTAL_SHARDS": "2"}

    Shard.parse("auto", {**variables, "TEST_SHARD_STATUS_FILE": str(status)})

    assert status.exists()


@pytest.mark.parametrize(
    ("word", "variables", "says"),
    [
        ("0/5", {}, "there is no shard 0 of 5"),
        ("6/5", {}, "there is no shard 6 of 5"),
        ("1/0", {}, "there is no shard 1 of 0"),
        ("2", {}, "--shard 2 is no shard; write 2/5, or auto"),
        ("2/x", {}, "is no shard"),
        ("auto", {"JOB_COMPLETION_INDEX": "1"}, "JOB_COMPLETIONS is not; set both"),
        ("auto", {"CIRCLE_NODE_TOTAL": "2"}, "CIRCLE_NODE_INDEX is not; set both"),
        ("auto", {"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "2"}, "there is no shard 0 of 2"),
        ("auto", {"CI_NODE_INDEX": "a", "CI_NODE_TOTAL": "2"}, "these are no numbers"),
        (
            "auto",
            {one.index: "1" for one in SYSTEMS} | {one.total: "2" for one in SYSTEMS},
            "contradict each other",
        ),
    ],
)
def test_shard_that_cannot_be_told_is_refused(
    word: str, variables: Mapping[str, str], says: str
) -> None:
    """With what was said, and what to say."""
    with pytest.raises(ShardError, match=says):
        Shard.parse(word, variables)


def unit(name: str, milliseconds: int = 100, release: str = "1.0.0") -> Unit:
    """Return a unit of one probe."""
    return Unit(
        module=f"scenarios/{name}.py",
        scenario=name,
        release=release,
        probes=["turn"],
        milliseconds=milliseconds,
    )


def loads(plan: Plan) -> Mapping[int, int]:
    """Return the milliseconds of each shard."""
    return {
        shard: sum(one.milliseconds for one in plan.of(shard))
        for shard in range(1, plan.shards + 1)
    }


def test_longest_are_handed_out_first() -> None:
    """Each to the shard that has most left."""
    times = {"a": 700, "b": 600, "c": 500, "d": 400, "e": 300, "f": 200}

    plan = Plan.split([unit(*one) for one in times.items()], 3, sources="")

    assert {one.scenario: one.shard for one in plan.units} == {
        "a": 1,
        "b": 2,
        "c": 3,
        "d": 3,
        "e": 2,
        "f": 1,
    }


@pytest.mark.parametrize("shards", [1, 2, 5, 16])
def test_shards_are_even(shards: int) -> None:
    """Over any number of releases, to within the longest unit."""
    units = [
        unit(f"s{number}", 10 + number * 37 % 400, release)
        for release in ("1.0.0", "1.1.0", "1.2.0")
        for number in range(200)
    ]

    plan = Plan.split(units, shards, sources="")

    assert max(loads(plan).values()) - min(loads(plan).values()) <= 410
    assert [one.key for one in plan.units] == [one.key for one in units]


def test_shards_have_few_releases() -> None:
    """Each needs a Codex, a template and a protocol of its own."""
    releases = [f"1.{minor}.0" for minor in range(10)]
    units = [unit(f"s{number}", 100, release) for release in releases for number in range(30)]

    plan = Plan.split(units, 5, sources="")

    assert [len({one.release for one in plan.of(shard)}) for shard in range(1, 6)] == [2] * 5


def test_shard_without_anything_is_possible() -> None:
    """Of more shards than scenarios, some are empty."""
    plan = Plan.split([unit("a"), unit("b")], 3, sources="")

    assert Counter(one.shard for one in plan.units) == {1: 1, 2: 1}


PLAN = Plan.split([unit("a"), unit("b")], 2, sources="1")


@pytest.mark.parametrize(
    "other",
    [
        Plan.split([unit("a"), unit("b")], 2, sources="2"),
        Plan.split([unit("a"), unit("b")], 3, sources="1"),
        Plan.split([unit("a"), unit("b", 200)], 2, sources="1"),
        Plan.split([unit("a"), unit("b", release="1.1.0")], 2, sources="1"),
        Plan.split([unit("a"), attrs.evolve(unit("b"), probes=["read"])], 2, sources="1"),
        Plan.split([unit("a")], 2, sources="1"),
    ],
    ids=["sources", "shards", "durations", "releases", "probes", "scenarios"],
)
def test_digest_tells_plans_apart(other: Plan) -> None:
    """By all that a plan says."""
    assert other.digest != PLAN.digest


def test_plan_is_read_as_it_was_written() -> None:
    """As JSON, with its digest."""
    told = json.loads(json.dumps(PLAN.as_json()))

    assert Plan.from_json(told) == PLAN
    assert told["digest"] == PLAN.digest == Plan.from_json(told).digest


def test_plan_can_be_unsplit() -> None:
    """It is then the plan of one machine."""
    assert PLAN.unsplit() == Plan.split([unit("a"), unit("b")], 1, sources="1")


def test_sources_tell_of_every_change(tmp_path: Path) -> None:
    """In a file, or of its name; the harness's own are among them."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1")
    other.write_text("2")
    digests = {
        digest_of({"a": one}),
        digest_of({"b": one}),
        digest_of({"a": other}),
        digest_of({"a": one, "b": other}),
    }

    assert len(digests) == 4
    assert "harness/shards/plan.py" in harness_files()


def test_unknown_duration_is_the_median_of_those_known() -> None:
    """Of the scenarios that are run."""
    durations = Durations({"a": 100, "b": 300, "c": 500, "gone": 9000, "slow": 9000})

    assert durations.estimate(["a", "b", "c", "new"]) == {"a": 100, "b": 300, "c": 500, "new": 300}
    assert Durations({}).estimate(["new"]) == {"new": UNKNOWN}


def test_durations_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Sorted, so that a change is a small diff."""
    path = tmp_path / "durations.json"

    Durations({"b": 2, "a[x]": 1}).updated(Durations({"b": 3, "gone": 1}), {"a", "b"}).write(path)

    assert path.read_text() == '{\n  "a[x]": 1,\n  "b": 3\n}\n'
    assert Durations.read(path) == Durations({"a[x]": 1, "b": 3})


def test_nothing_is_known_without_a_file(tmp_path: Path) -> None:
    """A project need not have one."""
    assert Durations.read(tmp_path / "none.json") == Durations({})


@pytest.mark.parametrize("text", ["{", "[]", '{"a": "b"}', '{"a": 0}'])
def test_broken_durations_are_refused(tmp_path: Path, text: str) -> None:
    """With the file, and the command that mends it."""
    path = tmp_path / "durations.json"
    path.write_text(text)

    with pytest.raises(DurationsError, match=f"^{path}: .*nox -s durations$"):
        Durations.read(path)
