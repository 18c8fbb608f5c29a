"""What depends on the release: ranges, deviations, their rot, and what a release cannot have."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version
from running import cells, run_suite, write_scenarios

from harness import (
    SIGNED_IN,
    CliStatus,
    Deviation,
    Expect,
    Host,
    NoAuth,
    Read,
    Requests,
    Scenario,
    Status,
    either,
    every,
    matching,
)
from harness.declare.answers import asked_by
from harness.declare.releases import Range, known_releases
from harness.judge.implied import expected, implied, without_deviations
from harness.judge.judge import judge
from harness.judge.rot import rotten

RELEASE = Version("0.163.0")
SIGNED_OUT = Read(account=None, requires_openai_auth=True, routing=None, error=None)

# Ranges.


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">=0.150.0,<0.160.0", ["0.150.0", "0.159.9"], ["0.149.9", "0.160.0"]),
        ("<0.150.0", ["0.93.0", "0.149.9"], ["0.150.0"]),
        (">=0.150.0", ["0.150.0", "0.200.0"], ["0.149.0"]),
        ("==0.150.0", ["0.150.0"], ["0.149.0", "0.150.1"]),
    ],
)
def test_range_holds_releases(text: str, inside: list[str], outside: list[str]) -> None:
    """From its first release on, up to the one that it names as the end."""
    held = [one for one in (*inside, *outside) if Version(one) in Range(text)]

    assert inside == held


@pytest.mark.parametrize(
    "text", ["0.150.0", ">=0.150", ">0.150.0", "<0.160.0,>=0.150.0", "", "latest", "!=0.150.0"]
)
def test_malformed_range_is_refused(text: str) -> None:
    """The message shows what one looks like."""
    with pytest.raises(ValueError, match=r"is no range of releases; write '>=0.147.0,<0.156.0'"):
        Range(text)


def test_empty_range_is_refused() -> None:
    """A range whose end does not come after its beginning holds nothing."""
    with pytest.raises(ValueError, match=r"holds no release: 0.160.0 is not before 0.150.0"):
        Range(">=0.160.0,<0.150.0")


@pytest.mark.parametrize("text", [">=0.155.7", "<0.155.7", "==0.155.7", ">=0.94.0,<0.155.7"])
def test_range_with_an_unpublished_end_is_refused(text: str) -> None:
    """It is a slip of the pen; the message names what may be meant."""
    message = r"Codex 0.155.7 was never released; next to it are 0.155.1 and 0.156.0"
    with pytest.raises(ValueError, match=message):
        Range(text)


def test_range_may_end_after_the_newest_known_release() -> None:
    """A release that came out after the list was written is no mistake."""
    newest = known_releases()[-1]

    assert newest in Range(f">={newest},<{newest.major}.{newest.minor + 1}.0")


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("<0.150.0", ">=0.150.0", False),
        ("<0.150.0", ">=0.149.0", True),
        (">=0.100.0,<0.150.0", ">=0.120.0,<0.130.0", True),
        ("==0.150.0", ">=0.150.0,<0.151.0", True),
        ("==0.150.0", "==0.151.0", False),
        (">=0.150.0", ">=0.160.0", True),
        ("<0.150.0", "<0.100.0", True),
    ],
)
def test_ranges_overlap(one: str, other: str, *, overlap: bool) -> None:
    """Whichever of them is asked."""
    ranges = Range(one), Range(other)

    assert (overlap, overlap) == (ranges[0].overlaps(ranges[1]), ranges[1].overlaps(ranges[0]))


# Declarations.


def test_deviation_without_a_reason_is_refused() -> None:
    """Nobody could tell whether it still holds."""
    with pytest.raises(ValueError, match="'reason' must say why"):
        Deviation("<0.150.0", Expect(read=Read(account=None)), reason=" ")


def test_deviation_that_pins_nothing_is_refused() -> None:
    """It would say nothing, for ever."""
    with pytest.raises(ValueError, match="'expect' must pin at least one field"):
        Deviation("<0.150.0", Expect(), reason="for none")


def test_overlapping_deviations_are_refused() -> None:
    """Where both pin one field, nobody could say which holds."""
    deviations = [
        Deviation("<0.150.0", Expect(read=Read(account=None)), reason="one"),
        Deviation(">=0.149.0,<0.151.0", Expect(read=Read(account={})), reason="other"),
    ]

    with pytest.raises(ValueError, match=r"overlap: .* both pin read\.account"):
        Scenario(deviations=deviations)


@pytest.mark.parametrize(
    "other",
    [
        Deviation(">=0.150.0", Expect(read=Read(account={})), reason="another range"),
        Deviation("<0.150.0", Expect(read=Read(error="x")), reason="another field"),
        Deviation("<0.150.0", taken_for=NoAuth(), reason="another state"),
    ],
    ids=["range", "field", "taken for"],
)
def test_other_deviations_do_not_overlap(other: Deviation) -> None:
    """One scenario may deviate in several ways."""
    first = Deviation("<0.150.0", Expect(read=Read(account=None)), reason="one")

    assert (first, other) == Scenario(deviations=[first, other]).deviations


def test_counts_overlap_by_endpoint() -> None:
    """Two deviations may each tell of another endpoint."""
    one, other, same = (
        Deviation("<0.150.0", Expect(requests=Requests(counts={name: 1})), reason="r")
        for name in ("GET /a", "GET /b", "GET /a")
    )

    Scenario(deviations=[one, other])
    with pytest.raises(ValueError, match=r"both pin requests.counts of GET /a"):
        Scenario(deviations=[one, same])


def test_deviation_of_a_probe_that_is_not_run_is_refused() -> None:
    """As for an expectation."""
    with pytest.raises(ValueError, match="'deviations' pins 'cli_status', which only"):
        Scenario(
            host=Host(),
            deviations=[Deviation("<0.150.0", Expect(cli_status=CliStatus(text="")), reason="r")],
        )


# What is expected of a release.


def test_deviation_holds_in_its_range_alone() -> None:
    """On any other release the expectation stands."""
    scenario = Scenario(
        auth=SIGNED_IN,
        deviations=[Deviation("<0.150.0", Expect(read=Read(account=None)), reason="r")],
    )

    assert [
        (expected(scenario, Version(release)).read.account or {}).get("type")
        for release in ("0.149.0", "0.150.0")
    ] == [None, "chatgpt"]


def test_deviation_may_take_the_state_for_another() -> None:
    """Then all that follows from the state is another, too."""
    scenario = Scenario(
        auth=SIGNED_IN,
        taken_for=NoAuth(),
        deviations=[Deviation("<0.150.0", taken_for=SIGNED_IN, reason="r")],
    )

    assert (
        expected(scenario, Version("0.149.0")).turn.bearers,
        expected(scenario, Version("0.150.0")).turn.bearers,
    ) == (("access-0",), (None,))
    assert without_deviations(scenario, Version("0.149.0")).turn.bearers == (None,)


@pytest.mark.parametrize(
    ("endpoint", "release", "asks"),
    [
        ("POST /oauth/revoke", "0.121.0", False),
        ("POST /oauth/revoke", "0.122.0", True),
        ("GET /backend-api/wham/config/requirements", "0.136.0", True),
        ("GET /backend-api/wham/config/requirements", "0.137.0", False),
        ("GET /never/heard/of", "0.93.0", True),
    ],
)
def test_release_asks_what_it_knows(endpoint: str, release: str, *, asks: bool) -> None:
    """An endpoint belongs to a stretch of releases; one that is not the fake's, to all."""
    assert asks == asked_by(endpoint, Version(release))


def test_older_release_revokes_nothing() -> None:
    """Neither the request nor the token is expected of it."""
    seen = implied(Scenario(auth=SIGNED_IN), Version("0.121.0")).logout

    assert (seen.revoked, {k: n for k, n in seen.counts.items() if "POST" in k}) == ((), {})


# Rot.


def _deviating(releases: str, expect: Expect) -> Scenario:
    return Scenario(deviations=[Deviation(releases, expect, reason="the reason")])


def test_deviation_that_happens_is_sound() -> None:
    """What is seen is what it says."""
    scenario = _deviating(">=0.160.0", Expect(read=Read(account={"type": "x"})))

    assert rotten(scenario, "read", RELEASE, Read(account={"type": "x"})) is None


def test_deviation_that_no_longer_happens_is_rotten() -> None:
    """Codex does what is right; the message says where to close the range."""
    scenario = _deviating(">=0.160.0", Expect(read=Read(account={"type": "x"})))

    rot = rotten(scenario, "read", RELEASE, SIGNED_OUT)

    assert "Close its range before 0.163.0" in str(rot)
    assert "the reason" in str(rot)


def test_deviation_elsewhere_is_not_asked() -> None:
    """Neither on other releases nor for other probes."""
    scenario = _deviating("<0.160.0", Expect(read=Read(account={"type": "x"})))

    assert (
        rotten(scenario, "read", RELEASE, SIGNED_OUT),
        rotten(scenario, "status", Version("0.150.0"), implied(Scenario()).status),
    ) == (None, None)


def test_deviation_that_changes_nothing_is_rotten() -> None:
    """It says what is right anyway."""
    scenario = _deviating(">=0.160.0", Expect(read=Read(account=None)))

    assert rotten(scenario, "read", RELEASE, SIGNED_OUT) is not None


def test_tolerance_does_not_rot() -> None:
    """What a race decides may come out right."""
    scenario = _deviating(">=0.160.0", Expect(read=Read(account=either(None, {"type": "x"}))))

    assert rotten(scenario, "read", RELEASE, SIGNED_OUT) is None


def test_matchers_of_what_a_race_decides() -> None:
    """Any of the values; any list of such texts."""
    status = Status(auth_method=either("chatgpt", None))

    assert [judge(status, Status(auth_method=one)) for one in ("chatgpt", None)] == [(), ()]
    assert judge(status, Status(auth_method="apikey"))
    assert [every("^a") == value for value in ((), ("a", "ab"), ("a", "b"), None)] == [
        True,
        True,
        False,
        False,
    ]


def test_every_item_may_hold_more_than_is_expected_of_it() -> None:
    """As any other mapping from the wire; but each of them holds that."""
    expected = Requests(bodies={"POST /oauth/token": every({"grant_type": matching("^refresh")})})
    refresh, exchange = {"grant_type": "refresh_token", "scope": "x"}, {"grant_type": "exchange"}

    assert not judge(expected, Requests(bodies={"POST /oauth/token": [refresh, refresh]}))
    assert judge(expected, Requests(bodies={"POST /oauth/token": [refresh, exchange]}))


# The whole.

MODULE = '''"""Signed out."""
from harness import Applies, Deviation, Expect, Read, Scenario
scenario = Scenario({arguments})
'''


def test_rotten_deviation_fails_its_cell(tmp_path: Path) -> None:
    """And no other; the text says what to do."""
    arguments = 'deviations=[Deviation(">=0.1.0", Expect(read=Read(account={"a": 1})), reason="R")]'
    directory = write_scenarios(tmp_path, {"one": MODULE.format(arguments=arguments)})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert cells("one", ["read"]) == outcome.failed
    assert "the deviation for '>=0.1.0' no longer happens" in outcome.text


def test_falsified_expectation_prints_the_entry(tmp_path: Path) -> None:
    """It fails in its cell alone, with what to paste for this release."""
    arguments = 'expect=Expect(read=Read(account={"a": 1}))'
    directory = write_scenarios(tmp_path, {"one": MODULE.format(arguments=arguments)})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert cells("one", ["read"]) == outcome.failed
    assert 'Deviation(\n        "==0.163.0",\n        Expect(\n' in outcome.text
    assert "read=Read(account=None),\n" in outcome.text


def test_state_that_a_release_cannot_have_is_told(tmp_path: Path) -> None:
    """Not applicable, with its reason: neither run nor skipped, and no failure."""
    arguments = 'applies=Applies(">=99.0.0", "it comes with 99.0.0")'
    directory = write_scenarios(tmp_path, {"one": MODULE.format(arguments=arguments)})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert (0, set(), set()) == (outcome.exit_code, outcome.failed, outcome.errors)
    assert "not applicable: it comes with 99.0.0" in outcome.text
    assert "13 not applicable" in outcome.text
    assert "skipped" not in outcome.text
