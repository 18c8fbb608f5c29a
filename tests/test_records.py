"""Matchers, and which probes a scenario has."""

from __future__ import annotations

import pytest

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    CliStatus,
    Expect,
    Host,
    HostTokens,
    Login,
    NoAuth,
    RpcError,
    Scenario,
    at_most,
    between,
)
from harness.declare.auth import Auth
from harness.judge.implied import implied
from harness.seen.records import probes_with
from harness.suite.stages import STAGES, STAGES_WITH_HOST

REFUSED = Expect(login=Login(messages=[RpcError(-1, "no")]))


@pytest.mark.parametrize(
    ("value", "held"),
    [(9, True), (12, True), (10.5, True), (8.9, False), (12.1, False), ("9", False)],
)
def test_between_takes_its_ends_for_inside(value: object, *, held: bool) -> None:
    """Numbers only."""
    assert held == (between(9, 12) == value)


def test_between_shows_how_it_is_written() -> None:
    """And so does the one that begins with nothing."""
    assert (repr(between(9, 12)), repr(at_most(2))) == ("between(9, 12)", "at_most(2)")


def test_between_takes_the_lower_first() -> None:
    """Or it would never be met."""
    with pytest.raises(ValueError, match=r"between\(12, 9\) takes the lower number first"):
        between(12, 9)


@pytest.mark.parametrize("host", [False, True])
def test_stages_run_every_probe_once(*, host: bool) -> None:
    """Those that a scenario has, with a host or without."""
    stages = STAGES_WITH_HOST if host else STAGES
    probes = [probe for stage in stages for probe in stage.probes]

    assert sorted(probes_with(host=host)) == sorted(probes)


@pytest.mark.parametrize(
    ("host", "expect", "says"),
    [
        (None, Expect(login=Login(error=None)), "'login', which only a scenario with a host has"),
        (Host(), Expect(cli_status=CliStatus(text="")), "'cli_status', which only .* no host has"),
    ],
)
def test_expectation_of_a_probe_that_is_not_run_is_refused(
    host: Host | None, expect: Expect, says: str
) -> None:
    """It would pass whatever Codex did."""
    with pytest.raises(ValueError, match=says):
        Scenario(host=host, expect=expect)


def test_login_that_is_not_taken_must_be_expected() -> None:
    """Nothing is implied of how it fails."""
    with pytest.raises(ValueError, match="'expect' must say how the login goes"):
        Scenario(host=Host(), taken_for=NoAuth())

    assert Scenario(host=Host(), taken_for=NoAuth(), expect=REFUSED).expect == REFUSED


# What a host implies.


def test_login_is_answered_then_completed_then_told() -> None:
    """In this order."""
    messages = implied(Scenario(host=Host())).login.messages

    assert [message.get("method") for message in messages] == [
        None,
        "account/login/completed",
        "account/updated",
    ]


def test_tokens_of_the_last_login_are_used() -> None:
    """With its workspace; the next turn does what the first did."""
    logins = [HostTokens(), HostTokens(account_id="workspace-2")]
    seen = implied(Scenario(host=Host(logins=logins)))

    assert (
        seen.turn.bearers,
        seen.turn.account_ids,
        seen.next_turn.bearers,
    ) == (("host-1",), ("workspace-2",), ("host-1",))
    assert len(seen.login.messages) == 6


def test_login_that_is_refused_leaves_nobody_signed_in() -> None:
    """The turn goes out without a bearer."""
    seen = implied(Scenario(host=Host(), taken_for=NoAuth(), expect=REFUSED))

    assert (seen.turn.bearers, seen.read.account) == ((None,), None)


@pytest.mark.parametrize(
    ("auth", "kind"),
    [(SIGNED_IN, "chatgpt"), (ApiKeyAuth(), "apiKey"), (NoAuth(), None)],
    ids=["chatgpt", "api key", "none"],
)
def test_other_app_servers_know_only_the_home(auth: Auth, kind: str | None) -> None:
    """One beside the first, and one after it; the host's own shows the host's account."""
    seen = implied(Scenario(auth=auth, host=Host()))

    assert [kind, kind, "chatgpt"] == [
        (record.account or {}).get("type") for record in (seen.restart, seen.neighbour, seen.read)
    ]


def test_routing_is_asked_for_each_owner() -> None:
    """The one in the home at the start, and the host's."""
    endpoint = "GET /backend-api/wham/accounts/check"

    assert [
        implied(Scenario(auth=auth, host=Host())).requests.counts[endpoint]
        for auth in (NoAuth(), SIGNED_IN)
    ] == [1, 2]
