"""Matchers, and which probes a scenario has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Backend,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    Healthy,
    Host,
    HostTokens,
    Login,
    NoAuth,
    Restart,
    RpcError,
    Scenario,
    at_most,
    between,
    do,
    signed_in,
)
from harness.declare.auth import Auth
from harness.judge.implied import implied
from harness.seen.records import Kind, fields_of, probes_of
from harness.suite.stages import (
    OF_ALL_STAGES,
    STAGES,
    STAGES_OF_A_STORY,
    STAGES_WITH_HOST,
    Stage,
    stages_of,
)

ACCOUNTS_CHECK = "GET /backend-api/wham/accounts/check"
BUNDLE = "GET /backend-api/wham/config/bundle"
MODELS = "GET /v1/models"
LIMITS = {
    "GET /backend-api/wham/rate-limit-reset-credits": "1",
    "GET /backend-api/wham/settings/user": "1",
    "GET /backend-api/wham/usage": "1",
}
TURNS = {"POST /v1/responses": "2"}
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


def test_range_of_one_number_is_met_by_it() -> None:
    """And by no other."""
    assert (between(5, 5) == 5, between(5, 5) == 5.1) == (True, False)


@pytest.mark.parametrize(("value", "held"), [(0, True), (2, True), (3, False), (-1, False)])
def test_at_most_begins_with_nothing(value: object, *, held: bool) -> None:
    """The request may not be made at all."""
    assert held == (at_most(2) == value)


def test_numbers_are_no_booleans_and_shown_in_full() -> None:
    """As everywhere on the wire; what is shown is pasted."""
    assert not any(flag == between(0, 1) for flag in (True, False))
    assert (
        repr(at_most(12345678)),
        repr(between(8.25, 9)),
    ) == ("at_most(12345678)", "between(8.25, 9)")
    with pytest.raises(ValueError, match="takes the lower number first"):
        at_most(-1)


def test_between_takes_the_lower_first() -> None:
    """Or it would never be met."""
    with pytest.raises(ValueError, match=r"between\(12, 9\) takes the lower number first"):
        between(12, 9)


@pytest.mark.parametrize(
    ("kind", "scenario", "stages"),
    [
        ("home", Scenario(), STAGES),
        ("host", Scenario(host=Host()), STAGES_WITH_HOST),
        ("story", Scenario(story=[do.read()]), STAGES_OF_A_STORY),
        ("story", Scenario(story=[do.read()], host=Host()), STAGES_OF_A_STORY),
    ],
)
def test_stages_run_every_probe_once(
    kind: Kind, scenario: Scenario, stages: Sequence[Stage]
) -> None:
    """Those that a scenario has, with a host, a story, or neither."""
    assert kind == scenario.kind
    assert stages == stages_of(scenario)
    probes = [one for stage in stages for one in stage.probes if one not in OF_ALL_STAGES]
    assert all({*OF_ALL_STAGES} <= {*stage.probes} for stage in stages)
    probes += OF_ALL_STAGES

    assert sorted(probes_of(kind)) == sorted(probes)


@pytest.mark.parametrize(
    ("host", "expect", "says"),
    [
        (None, Expect(login=Login(error=None)), "'login', which only a scenario with a host has"),
        (
            Host(),
            Expect(cli_status=CliStatus(text="")),
            "'cli_status', which only .* neither a host",
        ),
    ],
)
def test_expectation_of_a_probe_that_is_not_run_is_refused(
    host: Host | None, expect: Expect, says: str
) -> None:
    """It would pass whatever Codex did."""
    with pytest.raises(ValueError, match=says):
        Scenario(host=host, expect=expect)


@pytest.mark.parametrize(
    ("host", "expect", "says"),
    [
        (None, Expect(restart=Restart(error=None)), "'deviations' pins 'restart'"),
        (Host(), Expect(cli_logout=CliLogout(text="")), "'deviations' pins 'cli_logout'"),
    ],
    ids=["no host", "host"],
)
def test_deviation_of_a_probe_that_is_not_run_is_refused(
    host: Host | None, expect: Expect, says: str
) -> None:
    """The same holds on any stretch of releases."""
    with pytest.raises(ValueError, match=says):
        Scenario(host=host, deviations=[Deviation("<0.99.0", expect, reason="it is older")])


def test_probes_of_a_host_are_those_without_the_command_line() -> None:
    """In the order of the matrix."""
    only = set(probes_of("host")) ^ set(probes_of("home"))

    assert {"login", "next_turn", "restart", "neighbour", "cli_status", "cli_logout"} == only
    assert probes_of("host")[:3] == ("start", "login", "read")


def test_login_that_is_not_taken_must_be_expected() -> None:
    """Nothing is implied of how it fails."""
    with pytest.raises(ValueError, match="'expect' must say how the login goes"):
        Scenario(host=Host(), taken_for=NoAuth())

    assert Scenario(host=Host(), taken_for=NoAuth(), expect=REFUSED).expect == REFUSED


# What a host implies.

HOSTS = signed_in(email="host@example.com").claims


def counted(record: Any) -> dict[str, str]:
    """Return the counts of a record as they are written: a range is met by many a number."""
    return {endpoint: repr(count) for endpoint, count in record.counts.items()}


@pytest.mark.parametrize(
    ("tokens", "plan"),
    [(HostTokens(), "pro"), (HostTokens(plan_type="team"), "team")],
    ids=["claim", "named"],
)
def test_login_is_answered_then_completed_then_told(tokens: HostTokens, plan: str) -> None:
    """In this order, with the plan that the host names, or else the claim."""
    seen = implied(Scenario(host=Host(logins=tokens))).login

    assert (
        {"result": {"type": "chatgptAuthTokens"}},
        {
            "method": "account/login/completed",
            "params": {"loginId": None, "success": True, "error": None},
        },
        {
            "method": "account/updated",
            "params": {"authMode": "chatgptAuthTokens", "planType": plan},
        },
    ) == seen.messages
    assert seen.error is None


def test_token_of_the_host_is_used() -> None:
    """By the status, by the turn and by the next turn, which sees the same account."""
    seen = implied(Scenario(host=Host()))
    turn, following = fields_of(seen.turn), fields_of(seen.next_turn)

    assert (seen.status.auth_method, seen.status.auth_token) == ("chatgptAuthTokens", "host-0")
    assert (seen.turn.outcome, seen.turn.bearers) == ("completed", ("host-0",))
    assert following == {
        **turn,
        "account": seen.read.account,
        "error": None,
        "auth_method": "chatgptAuthTokens",
        "auth_token": "host-0",
    }


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
    assert (seen.next_turn.bearers, seen.next_turn.account) == ((None,), None)
    assert counted(seen.requests) == TURNS
    assert seen.login.error is None


@pytest.mark.parametrize(
    ("auth", "kind", "method", "token"),
    [
        (SIGNED_IN, "chatgpt", "chatgpt", "access-0"),
        (ApiKeyAuth(), "apiKey", "apikey", "api-key"),
        (NoAuth(), None, None, None),
    ],
    ids=["chatgpt", "api key", "none"],
)
def test_other_app_servers_know_only_the_home(
    auth: Auth, kind: str | None, method: str | None, token: str | None
) -> None:
    """One beside the first, and one after it; the host's own shows the host's account."""
    seen = implied(Scenario(auth=auth, host=Host(logins=HostTokens(claims=HOSTS))))

    for record in (seen.restart, seen.neighbour):
        assert (kind, None, method, token) == (
            (record.account or {}).get("type"),
            record.error,
            record.auth_method,
            record.auth_token,
        )
    account = {"type": "chatgpt", "email": "host@example.com", "planType": "pro"}
    assert account == seen.read.account == seen.next_turn.account == seen.refresh.account


@pytest.mark.parametrize(
    ("auth", "auth_json", "access_token"),
    [(SIGNED_IN, "untouched", "access-0"), (NoAuth(), "absent", None)],
    ids=["chatgpt", "none"],
)
def test_host_leaves_the_home_as_it_is(
    auth: Auth, auth_json: str, access_token: str | None
) -> None:
    """Its tokens are kept in memory."""
    seen = implied(Scenario(auth=auth, host=Host()))
    tokens = (seen.home.auth or {}).get("tokens", {})

    assert (auth_json, auth_json) == (seen.home.auth_json, seen.refresh.auth_json)
    assert access_token == tokens.get("access_token")


BUSINESS = signed_in(plan_type="business")


@pytest.mark.parametrize(
    ("scenario", "start"),
    [
        (Scenario(host=Host()), {ACCOUNTS_CHECK: "1", MODELS: "at_most(4)"}),
        (
            Scenario(host=Host(logins=[HostTokens()] * 2)),
            {ACCOUNTS_CHECK: "2", MODELS: "at_most(6)"},
        ),
        (Scenario(auth=SIGNED_IN, host=Host()), {ACCOUNTS_CHECK: "2", MODELS: "at_most(4)"}),
        (
            Scenario(auth=BUSINESS, host=Host()),
            {ACCOUNTS_CHECK: "2", BUNDLE: "1", MODELS: "at_most(4)"},
        ),
    ],
    ids=["host", "two logins", "over a sign-in", "over a workspace's"],
)
def test_each_owner_asks_for_itself(scenario: Scenario, start: dict[str, str]) -> None:
    """The one in the home at the start, and each of the host's; then two turns."""
    seen = implied(scenario)

    assert {**start, **LIMITS, **TURNS} == counted(seen.requests)
    assert start == counted(seen.refresh) == counted(seen.logout)


def test_scenario_runs_the_stages_that_it_names() -> None:
    """And has no probe of another."""
    scenario = Scenario(stages=["session", "logout"])

    assert [stage.name for stage in stages_of(scenario)] == ["session", "logout"]
    assert {"refresh", "cli_status", "cli_logout"} == set(probes_of("home")) - set(scenario.probes)


def test_scenario_waits_for_as_long_as_it_says() -> None:
    """Beside what it waits for the backend and the host."""
    slow = Backend(usage=Healthy(after=2))

    assert (Scenario(lasts=5).waits, Scenario(lasts=5, backend=slow).waits) == (5, 7)
    with pytest.raises(ValueError, match="'lasts' takes seconds from 0 on"):
        Scenario(lasts=-1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"stages": ["refresh"]}, "'stages' takes 'session' and any of refresh, logout, cli"),
        ({"stages": ["session", "turn"]}, "'stages' takes 'session' and any of"),
        ({"stages": ["session"], "story": [do.read()]}, "'stages' says nothing in a scenario with"),
        (
            {"stages": ["session"], "expect": Expect(cli_status=CliStatus(text=""))},
            "'expect' pins 'cli_status', which 'stages' leaves out",
        ),
        (
            {"stages": ["session"], "upstream": {"logout": ["logout_removes_auth_file"]}},
            "'upstream' names no probe of this scenario: 'logout'",
        ),
    ],
)
def test_stage_that_cannot_be_is_refused(given: dict[str, Any], says: str) -> None:
    """With what to write instead."""
    with pytest.raises(ValueError, match=says):
        Scenario(**given)
