"""What must be seen, and how it is held against what was."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from packaging.version import Version

from harness import (
    LEFT_OUT,
    SIGNED_IN,
    AccessToken,
    ApiKeyAuth,
    Backend,
    ChatGptAuth,
    Deviation,
    Expect,
    Home,
    Layout,
    Limits,
    Logout,
    NoAuth,
    PersonalAccessToken,
    RawAuth,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    Start,
    Status,
    Turn,
    Unreadable,
    at_most,
    between,
    drop,
    edited,
    encode_jwt,
    every,
    grant,
    matching,
    refuse,
    signed_in,
    slow,
)
from harness.judge.implied import expected, implied
from harness.judge.judge import Difference, judge
from harness.seen.records import UNSET, AuthFile, Record, fields_of, probes_of

EXPIRED = AccessToken(expires_in=-timedelta(hours=1))
TOKEN = "POST /oauth/token"
CHECK = "GET /backend-api/wham/accounts/check"

# Expected, seen.
SAME: dict[str, tuple[Any, Any]] = {
    "nothing expected": (Read(), Read(account={"type": "chatgpt"}, error="hung")),
    "the same": (Read(account=None), Read(account=None, error=None)),
    "more members": (Read(account={"a": 1}), Read(account={"a": 1, "b": 2})),
    "more members, nested": (Read(account={"a": {}}), Read(account={"a": {"b": 2}})),
    "member left out": (Home(auth={"a": LEFT_OUT}), Home(auth={"b": 1})),
    "lists": (Turn(bearers=["a", "b"]), Turn(bearers=("a", "b"))),
    "list in a mapping": (Read(account={"a": ("b",)}), Read(account={"a": ["b"]})),
    "matching": (Turn(message=matching(r"status \d+")), Turn(message="got status 401.")),
    "matching, nested": (
        Read(error=RpcError(-32600, matching("^no"))),
        Read(error=RpcError(-32600, "no account")),
    ),
    "counts": (Requests(counts={"GET /a": 1}), Requests(counts={"GET /a": 1})),
    "count of 0": (Requests(counts={"GET /a": 0}), Requests(counts={})),
    "at most, none": (Requests(counts={"GET /a": at_most(2)}), Requests(counts={})),
    "at most, all": (Requests(counts={"GET /a": at_most(2)}), Requests(counts={"GET /a": 2})),
}

# Expected, seen, the fields that differ.
DIFFERENT: dict[str, tuple[Any, Any, list[str]]] = {
    "other value": (Status(auth_token="access-0"), Status(auth_token="access-1"), ["auth_token"]),
    "not recorded": (Start(outcome="initialized"), Start(), ["outcome"]),
    "none, but not recorded": (Read(account=None), Read(), ["account"]),
    "two fields": (
        Turn(outcome="completed", kind=None),
        Turn(outcome="failed", kind="other"),
        ["outcome", "kind"],
    ),
    "a member less": (Read(account={"a": None}), Read(account={}), ["account"]),
    "a member that is left out": (Home(auth={"a": LEFT_OUT}), Home(auth={"a": None}), ["auth"]),
    "other member": (Read(account={"a": {"b": 1}}), Read(account={"a": {"b": 2}}), ["account"]),
    "no mapping": (Read(account={}), Read(account=None), ["account"]),
    "shorter tuple": (Turn(bearers=("a", "b")), Turn(bearers=("a",)), ["bearers"]),
    "longer tuple": (Turn(bearers=()), Turn(bearers=("a",)), ["bearers"]),
    "other order": (Turn(bearers=("a", "b")), Turn(bearers=("b", "a")), ["bearers"]),
    "True is not 1": (Read(account={"a": 1}), Read(account={"a": True}), ["account"]),
    "1 is not True": (Read(account={"a": True}), Read(account={"a": 1}), ["account"]),
    "False is not 0": (Read(account={"a": [0]}), Read(account={"a": [False]}), ["account"]),
    "no match": (Turn(message=matching("^b")), Turn(message="a b"), ["message"]),
    "nothing to match": (Turn(message=matching("")), Turn(message=None), ["message"]),
    "a request more": (Requests(counts={}), Requests(counts={"GET /a": 1}), ["counts"]),
    "a request less": (Requests(counts={"GET /a": 1}), Requests(counts={}), ["counts"]),
    "a request twice": (Logout(counts={"GET /a": 1}), Logout(counts={"GET /a": 2}), ["counts"]),
    "more than at most": (
        Requests(counts={"GET /a": at_most(2)}),
        Requests(counts={"GET /a": 3}),
        ["counts"],
    ),
    "no counts": (Refresh(counts={}), Refresh(counts=UNSET), ["counts"]),
}

OUTSIDE = {"CONNECT chatgpt.com:443": 1, "GET http://example.com/": 2}


def of_token(exp: object) -> ChatGptAuth:
    """Return a sign-in whose access token is a JWT, as text, with this ``exp``."""
    return signed_in(access_token=encode_jwt({"exp": exp}))


def seconds_from_now(seconds: float) -> int:
    """Return a Unix time."""
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


# The judge.


@pytest.mark.parametrize(("wanted", "seen"), SAME.values(), ids=SAME)
def test_record_is_as_expected(wanted: Record, seen: Record) -> None:
    """Only pinned fields count; mappings may hold more; counts and sequences are exact."""
    assert () == judge(wanted, seen)


@pytest.mark.parametrize(("wanted", "seen", "fields"), DIFFERENT.values(), ids=DIFFERENT)
def test_record_differs(wanted: Record, seen: Record, fields: list[str]) -> None:
    """Every pinned field that is not as expected is named, in the order of the record."""
    assert fields == [difference.field for difference in judge(wanted, seen)]


def test_difference_holds_both_values() -> None:
    """A difference says what was expected and what was seen."""
    assert (Difference("mode", "0600", "0644"),) == judge(Home(mode="0600"), Home(mode="0644"))


@pytest.mark.parametrize(
    "counts", [UNSET, {"GET /v1/models": 1, **OUTSIDE}], ids=["left open", "expected"]
)
def test_attempt_to_leave_the_machine_always_differs(counts: Any) -> None:
    """No expectation lets a request for another host pass."""
    seen = Requests(counts={"GET /v1/models": 1, **OUTSIDE})

    assert Difference("off the machine", {}, OUTSIDE) in judge(Requests(counts=counts), seen)


def test_matcher_is_checked_when_it_is_written() -> None:
    """A regular expression that does not compile is a mistake of the module, not of Codex."""
    with pytest.raises(ValueError, match=r"^matching\('\('\) takes a regular expression: "):
        matching("(")


# A declared expectation over the implied one.


def test_declared_field_replaces_the_implied_one() -> None:
    """What a scenario pins wins; what it leaves out stays implied."""
    over = Expect(turn=Turn(outcome="failed")).over(
        Expect(turn=Turn(outcome="completed", message=None), read=Read(account=None))
    )

    assert Expect(turn=Turn(outcome="failed", message=None), read=Read(account=None)) == over


def test_declared_mapping_replaces_the_implied_one() -> None:
    """Only counts are merged; an account is replaced as a whole."""
    over = Expect(read=Read(account={"a": 1})).over(Expect(read=Read(account={"b": 2})))

    assert {"a": 1} == over.read.account


@pytest.mark.parametrize(
    ("declared", "merged"),
    [
        ({"GET /c": 3}, {"GET /a": 1, "GET /b": 2, "GET /c": 3}),
        ({"GET /a": 4}, {"GET /a": 4, "GET /b": 2}),
        ({"GET /a": 0}, {"GET /b": 2}),
        ({}, {"GET /a": 1, "GET /b": 2}),
    ],
    ids=["added", "changed", "removed", "none"],
)
def test_counts_are_merged_endpoint_by_endpoint(
    declared: dict[str, int], merged: dict[str, int]
) -> None:
    """A scenario names the endpoints that differ from what is implied, with 0 for none."""
    over = Expect(requests=Requests(counts=declared)).over(
        Expect(requests=Requests(counts={"GET /a": 1, "GET /b": 2}))
    )

    assert merged == over.requests.counts


def test_counts_may_be_declared_where_none_are_implied() -> None:
    """Then those are all."""
    over = Expect(logout=Logout(counts={"GET /a": 1, "GET /b": 0})).over(Expect())

    assert {"GET /a": 1} == over.logout.counts


def test_expected_is_the_declaration_over_what_is_implied() -> None:
    """A scenario that pins nothing expects what its fixture implies."""
    scenario = Scenario(expect=Expect(limits=Limits(used_percent=3)))

    assert Limits(used_percent=3, plan_type=None, error=implied(Scenario()).limits.error) == (
        expected(scenario).limits
    )


# What a fixture implies.


@pytest.mark.parametrize(
    "auth",
    [signed_in(), ApiKeyAuth(), PersonalAccessToken(), NoAuth(), RawAuth("{")],
    ids=["signed in", "api key", "personal access token", "none", "raw"],
)
def test_every_probe_has_something_implied(auth: Any) -> None:
    """No probe passes whatever it sees."""
    seen = implied(Scenario(auth=auth))

    assert [] == [probe for probe in probes_of("home") if not fields_of(getattr(seen, probe))]


def test_signed_in_account() -> None:
    """A sign-in shows its e-mail address and its plan."""
    account = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}

    assert account == implied(Scenario(auth=signed_in())).read.account


@pytest.mark.parametrize(
    ("plan", "release", "shown", "limits", "bundle"),
    [
        ("plus", "0.93.0", "plus", "plus", 0),
        ("hc", "0.163.0", "enterprise", "unknown", 1),
        ("education", "0.163.0", "edu", "edu", 1),
        ("education", "0.93.0", "unknown", "edu", 0),
        ("sci", "0.163.0", "unknown", "unknown", 0),
        ("sci", "0.169.0", "sci", "sci", 1),
        ("k12", "0.93.0", "unknown", "unknown", 0),
        ("gold", "0.163.0", "unknown", "unknown", 0),
        ("gold", "0.93.0", "unknown", None, 0),
    ],
)
def test_plan_is_shown_as_codex_knows_it(
    plan: str, release: str, shown: str, limits: str | None, bundle: int
) -> None:
    """Two plans have another name; one that Codex does not know, or not yet, is unknown."""
    seen = implied(Scenario(auth=signed_in(plan_type=plan)), Version(release))
    bundles = [n for name, n in seen.requests.counts.items() if "/wham/config/" in name]

    assert (shown, limits) == (seen.read.account["planType"], seen.limits.plan_type)
    assert bundle == sum(bundles)


def test_sign_in_without_a_plan_has_limits_of_the_free_one() -> None:
    """The account names no plan that Codex knows; the rate limits are those of ``free``."""
    seen = implied(Scenario(auth=signed_in(plan_type=None)))

    assert ("unknown", "free") == (seen.read.account["planType"], seen.limits.plan_type)


@pytest.mark.parametrize(
    ("scenario", "release", "routed"),
    [
        (Scenario(auth=signed_in()), "0.156.0", True),
        (Scenario(auth=signed_in()), "0.155.1", False),
        (Scenario(auth=signed_in(account_id=None)), "0.156.0", False),
        (Scenario(auth=ApiKeyAuth()), "0.156.0", False),
        (Scenario(auth=signed_in(), expect=Expect(read=Read(account=None))), "0.156.0", False),
    ],
    ids=["signed in", "before routing", "no account id", "api key", "no account shown"],
)
def test_account_is_routed(scenario: Scenario, release: str, *, routed: bool) -> None:
    """Only an account that is shown, and whose workspace is known, is served somewhere."""
    routing = expected(scenario, Version(release)).read.routing

    assert routed == (routing is not None)


@pytest.mark.parametrize(("plan", "count"), [("business", 1), ("pro", 0)])
def test_workspace_plan_asks_for_its_bundle(plan: str, count: int) -> None:
    """The config bundle is asked for once, for the plans of a workspace alone."""
    counts = implied(Scenario(auth=signed_in(plan_type=plan))).requests.counts

    assert count == counts.get("GET /backend-api/wham/config/bundle", 0)


def test_signed_in_turn() -> None:
    """The turn goes out with the token and the workspace of the home."""
    assert Turn(
        outcome="completed",
        message=None,
        kind=None,
        bearers=("access-0",),
        account_ids=("workspace-1",),
        host=(),
    ) == (implied(Scenario(auth=signed_in())).turn)


def test_api_key_is_shown_masked() -> None:
    """The command line shows eight characters of a key and its last five."""
    seen = implied(Scenario(auth=ApiKeyAuth("sk-scenario-api-key"))).cli_status

    assert (0, "Logged in using an API key - sk-scena***i-key") == (seen.exit_code, seen.text)


def test_api_key_has_nothing_to_refresh_or_revoke() -> None:
    """Nothing but the turn reaches the backend."""
    seen = implied(Scenario(auth=ApiKeyAuth()))

    assert [
        {"POST /v1/responses": 1},
        {},
        {},
        {},
    ] == [one.counts for one in (seen.requests, seen.refresh, seen.logout, seen.cli_logout)]


def test_personal_access_token_is_kept_to_itself() -> None:
    """The backend says whose it is; nobody gets the token, and it goes with the turn."""
    seen = implied(Scenario(auth=PersonalAccessToken()))

    assert ("someone@example.com", None, ("personal-access-token",), ("workspace-1",)) == (
        seen.read.account["email"],
        seen.status.auth_token,
        seen.turn.bearers,
        seen.turn.account_ids,
    )


def test_personal_access_token_in_the_environment_outlives_a_logout() -> None:
    """One that is not stored bears the name of its variable, and nothing removes it."""
    seen = implied(Scenario(taken_for=PersonalAccessToken()))

    assert (("$CODEX_ACCESS_TOKEN",), "someone@example.com", "absent") == (
        seen.turn.bearers,
        seen.logout.account["email"],
        seen.home.auth_json,
    )


def test_whoever_does_not_start_does_nothing_else() -> None:
    """Nothing but the command line is reached where the app-server ends at its start."""
    start = Start(outcome="died: no reason")
    seen = expected(Scenario(auth=signed_in(), expect=Expect(start=start)))

    assert ("not reached: died: no reason", "not reached", {}, "untouched", 0) == (
        seen.read.error,
        seen.turn.outcome,
        seen.requests.counts,
        seen.logout.auth_json,
        seen.cli_status.exit_code,
    )


def test_deviation_may_keep_codex_from_starting() -> None:
    """What follows from the start of a release follows for that release alone."""
    deviation = Deviation("<0.147.0", Expect(start=Start(outcome="exited 1")), reason="why not")
    scenario = Scenario(auth=signed_in(), deviations=[deviation])

    assert ["not reached: exited 1", None] == [
        expected(scenario, Version(release)).read.error for release in ("0.140.0", "0.163.0")
    ]


def test_machine_that_is_reached_for_may_be() -> None:
    """An attempt to reach a machine that the scenario names is no difference, any other is."""
    wanted = implied(Scenario(reaches=["chatgpt.com"])).cli_status
    tries = [
        judge(wanted, attrs.evolve(wanted, counts={f"CONNECT {machine}:443": 3}))
        for machine in ("chatgpt.com", "example.com")
    ]

    assert [[], ["off the machine"]] == [[one.field for one in found] for found in tries]


@pytest.mark.parametrize(
    ("left", "fields"),
    [("git, git-remote-https", []), ("tokio-runtime-w", []), ("git, miner", ["exit"])],
)
def test_machine_that_is_reached_for_may_leave_git_running(left: str, fields: list[str]) -> None:
    """Nothing else."""
    wanted = implied(Scenario(reaches=["github.com"])).home
    seen = attrs.evolve(wanted, exit=f"0, leaving {left}")

    assert fields == [one.field for one in judge(wanted, seen)]


def test_signed_out_turn_has_no_bearer() -> None:
    """Without a sign-in the turn is tried all the same."""
    seen = implied(Scenario()).turn

    assert ((None,), (None,)) == (seen.bearers, seen.account_ids)


def test_signed_out_home_stays_without_a_file() -> None:
    """No probe creates ``auth.json``."""
    seen = implied(Scenario())
    records = (seen.home, seen.refresh, seen.logout, seen.cli_status, seen.cli_logout)

    assert ["absent"] * 5 == [record.auth_json for record in records]


@pytest.mark.parametrize(
    ("auth", "refreshes"),
    [
        (signed_in(access_token=EXPIRED), 1),
        (signed_in(access_token=AccessToken(expires_in=timedelta(minutes=4))), 1),
        (signed_in(access_token=AccessToken(expires_in=timedelta(minutes=6))), 0),
        (signed_in(access_token=AccessToken()), 0),
        (signed_in(access_token="opaque"), 0),
        (signed_in(access_token="opaque", last_refresh=None), 0),
        (signed_in(access_token="opaque", last_refresh=datetime(2020, 1, 1, tzinfo=UTC)), 1),
        (signed_in(last_refresh=datetime(2020, 1, 1, tzinfo=UTC)), 0),
        (of_token(seconds_from_now(-60)), 1),
        (of_token(seconds_from_now(86_400)), 0),
        (of_token("tomorrow"), 0),
    ],
    ids=[
        "expired",
        "expires in 4 minutes",
        "expires in 6 minutes",
        "never expires",
        "opaque",
        "opaque, never refreshed",
        "opaque and old",
        "old but valid",
        "JWT in text, expired",
        "JWT in text, valid",
        "JWT in text, exp no number",
    ],
)
def test_refresh_is_due(auth: ChatGptAuth, refreshes: int) -> None:
    """Five minutes before the end of a token, or eight days after the refresh of an opaque one."""
    assert refreshes == implied(Scenario(auth=auth)).requests.counts.get(TOKEN, 0)


def test_due_refresh_renames_every_token() -> None:
    """What follows a refresh uses the first grant; a refresh that is asked for, the second."""
    seen = implied(Scenario(auth=signed_in(access_token=EXPIRED)))

    assert ("access-1", ("access-1",), "refresh-1", "access-2", ("refresh-1",)) == (
        seen.status.auth_token,
        seen.turn.bearers,
        seen.home.auth["tokens"]["refresh_token"],
        seen.refresh.auth_token,
        seen.logout.revoked,
    )


def test_due_refresh_rewrites_the_file() -> None:
    """In the session it is due; without that, only a refresh that is asked for writes."""
    due = implied(Scenario(auth=signed_in(access_token=EXPIRED)))
    healthy = implied(Scenario(auth=signed_in()))

    assert ["rewritten", "rewritten", "untouched", "rewritten"] == [
        record.auth_json for seen in (due, healthy) for record in (seen.home, seen.refresh)
    ]


def test_asked_refresh_follows_the_due_one() -> None:
    """Both tokens are redeemed, in order, and the workspace is looked up after each."""
    seen = implied(Scenario(auth=signed_in(access_token=EXPIRED))).refresh

    assert (("refresh-0", "refresh-1"), 2, 2) == (
        seen.refreshed_with,
        seen.counts[TOKEN],
        seen.counts[CHECK],
    )


@pytest.mark.parametrize(
    ("answer", "refreshes"),
    [(slow(1), 1), (grant(id_token=False), 1), (refuse(), 0), (drop(), 0), ([slow(1), drop()], 0)],
    ids=["slow", "grant", "refuse", "drop", "slow, then drop"],
)
def test_refresh_is_implied_where_it_is_granted(answer: Any, refreshes: int) -> None:
    """What follows a refusal is for the scenario to say."""
    scenario = Scenario(auth=signed_in(access_token=EXPIRED), backend=Backend(token=answer))

    assert refreshes == implied(scenario).requests.counts.get(TOKEN, 0)


@pytest.mark.parametrize(
    ("redeemed", "fits"),
    [("refresh-0", True), ("refresh-1", False)],
)
def test_refreshes_are_alike_where_chance_decides_how_many_there_are(
    redeemed: str, *, fits: bool
) -> None:
    """However many bodies there are, each redeems what any of them may."""
    requests = Requests(counts={TOKEN: between(1, 9)}, refreshed_with=every("^refresh-0$"))
    wanted = expected(Scenario(auth=signed_in(), expect=Expect(requests=requests))).requests
    body = {"client_id": "codex", "grant_type": "refresh_token", "refresh_token": redeemed}

    differences = judge(Requests(bodies=wanted.bodies), Requests(bodies={TOKEN: [body] * 3}))

    assert fits == (not differences)


def test_sign_in_without_an_account_id_refreshes_nothing() -> None:
    """Not even an expired token, nor when it is asked to; and it looks for no workspace."""
    seen = implied(Scenario(auth=signed_in(access_token=EXPIRED, account_id=None)))

    assert (("access-0",), (None,), (), "untouched", 0) == (
        seen.turn.bearers,
        seen.turn.account_ids,
        seen.refresh.refreshed_with,
        seen.refresh.auth_json,
        seen.requests.counts.get(CHECK, 0),
    )


def test_forbidden_sign_in_is_taken_for_none() -> None:
    """Codex behaves as signed out, and leaves the file alone."""
    seen = implied(Scenario(auth=signed_in(), taken_for=NoAuth()))

    assert (None, (None,), "untouched", "access-0") == (
        seen.read.account,
        seen.turn.bearers,
        seen.home.auth_json,
        seen.home.auth["tokens"]["access_token"],
    )


@pytest.mark.parametrize(
    ("auth", "auth_json", "revoked"),
    [
        (signed_in(), "removed", ("refresh-0",)),
        (ApiKeyAuth(), "removed", ()),
        (edited(SIGNED_IN, auth_mode=LEFT_OUT), "removed", ()),
        (RawAuth("{"), "removed", ()),
        (NoAuth(), "absent", ()),
    ],
    ids=["signed in", "api key", "edited", "raw", "none"],
)
def test_logout_on_the_command_line_asks_no_policy(
    auth: Any, auth_json: AuthFile, revoked: tuple[str, ...]
) -> None:
    """It revokes and removes what the file holds, whatever Codex takes the home for."""
    seen = implied(Scenario(auth=auth, taken_for=NoAuth())).cli_logout

    assert (auth_json, revoked) == (seen.auth_json, seen.revoked)


def test_unreadable_file_says_nothing_certain() -> None:
    """Of a file that no Codex wrote, neither the contents nor the words about it are implied."""
    seen = implied(Scenario(auth=RawAuth("{")))

    assert (UNSET, UNSET, UNSET) == (seen.home.auth, seen.home.layout, seen.cli_status.text)


@pytest.mark.parametrize("release", [Version("0.163.0"), Version("0.169.0")], ids=str)
def test_edited_file_is_taken_for_what_was_edited(release: Version) -> None:
    """Codex refreshes it like any other; of what it knows not, and of no mode, it keeps nothing."""
    auth = edited(SIGNED_IN, auth_mode=LEFT_OUT, OPENAI_API_KEY="sk-1", more=1)
    seen = implied(Scenario(auth=auth, layout=Layout(file_mode="0644")), release)
    plain = implied(Scenario(auth=SIGNED_IN), release)

    assert plain.read == seen.read
    assert (UNSET, "0644") == (seen.home.auth, seen.home.mode)
    assert (LEFT_OUT, "api-key") == (
        seen.refresh.auth["auth_mode"],
        seen.refresh.auth["OPENAI_API_KEY"],
    )
    assert seen.refresh.auth["more"] is LEFT_OUT
    assert ("0644" if release < Version("0.169.0") else "0600") == seen.refresh.mode


@pytest.mark.parametrize(
    ("reading", "release", "text"),
    [
        (Unreadable("oops at line 1"), "0.166.0", "oops at line 1"),
        (
            Unreadable("oops at line 1"),
            "0.169.0",
            "failed to deserialize CLI auth from file: invalid credential JSON (Data at line 1)",
        ),
        (
            Unreadable("oops at line 1", of="syntax"),
            "0.169.0",
            "failed to deserialize CLI auth from file: oops at line 1",
        ),
        (Unreadable("oops", of="other"), "0.169.0", "oops"),
        (Unreadable("one of {modes}"), "0.93.0", "one of `apikey`, `chatgpt`, `chatgptAuthTokens`"),
    ],
)
def test_unreadable_file_says_why(reading: Unreadable, release: str, text: str) -> None:
    """The command line does, in the words of the release; the newest logs out of no such file."""
    scenario = Scenario(auth=RawAuth("{"), taken_for=reading)
    seen = implied(scenario, Version(release))

    assert f"Error checking login status: {text}" == seen.cli_status.text
    assert ("untouched" if release == "0.169.0" else "removed") == seen.logout.auth_json
    assert (None, "removed") == (seen.read.account, seen.cli_logout.auth_json)


@pytest.mark.parametrize(
    ("changes", "release", "shown"),
    [
        ({"email": None}, "0.141.0", False),
        ({"email": None}, "0.142.0", True),
        ({"plan_type": None}, "0.101.0", False),
        ({"plan_type": None}, "0.107.0", True),
    ],
)
def test_account_may_lack_something(changes: Any, release: str, shown: Any) -> None:
    """Releases differ in what an account must have to be shown."""
    seen = implied(Scenario(auth=signed_in(**changes)), Version(release))

    assert (shown, shown) == (seen.read.account is not None, seen.refresh.error is None)


def test_empty_refresh_token_has_no_name() -> None:
    """It is redeemed all the same; to revoke there is the access token."""
    seen = implied(Scenario(auth=signed_in(refresh_token="")))

    assert ([""], ["access-0"]) == (list(seen.refresh.refreshed_with), list(seen.logout.revoked))
