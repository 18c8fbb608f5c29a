"""The host that owns the tokens: how it is declared, and how it is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from packaging.version import Version

from harness import (
    SIGNED_IN,
    AccessToken,
    Asked,
    Backend,
    Host,
    HostTokens,
    IdTokenClaims,
    NoAuth,
    RpcError,
    Scenario,
    late,
    log_out,
    matching,
    never,
    signed_in,
    slow,
)
from harness.declare.tokens import decode_jwt, parse_id_token
from harness.seen.names import Names
from harness.world.host import REFRESH, HostApp

ASKED = {
    "id": 0,
    "method": REFRESH,
    "params": {"reason": "unauthorized", "previousAccountId": "workspace-1"},
}
SOON = 0.01

# Named.


def test_each_key_has_a_name_of_its_own() -> None:
    """The one of the home, and the one that is handed over."""
    names = Names()
    names.add("api-key", "sk-in-the-home")
    host = HostApp(None, names)

    for key in ("sk-in-the-home", "sk-another", "sk-a-third"):
        host.named({"apiKey": key})

    assert names.redact("sk-in-the-home sk-another sk-a-third") == "api-key api-key-2 api-key-3"


# Declared.


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Host(logins=[]), "'logins' takes at least one login"),
        (lambda: Host(logins={"apiKey": "x"}), "takes HostTokens or the params of account/login"),
        (lambda: Host(logins=NoAuth()), "'logins' takes HostTokens or Mapping or LogOut"),
        (lambda: Host(refreshes=[None]), "'refreshes' takes HostTokens or RpcError or Mapping"),
        (lambda: Host(refreshes=RpcError(1, matching("x"))), "an RpcError of a number and text"),
        (lambda: Host(refreshes=late(1, RpcError("1", "x"))), "an RpcError of a number and text"),
        (lambda: late(-1), "'seconds' takes seconds from 0 on"),
        (lambda: late(cast("float", "1")), "'seconds' takes int or float, not '1'"),
        (lambda: late(1, cast("Any", never())), "'answer' takes HostTokens or RpcError or Mapping"),
        (lambda: Host(experimental_api=cast("bool", 1)), "'experimental_api' takes bool, not 1"),
        (lambda: HostTokens(account_id=cast("str", 1)), "'account_id' takes str"),
        (lambda: HostTokens(plan_type=cast("str", 1)), "'plan_type' takes str or None"),
        (
            lambda: HostTokens(access_token=cast("str", 1)),
            "'access_token' takes str or AccessToken",
        ),
        (lambda: HostTokens(claims=cast("Any", {})), "'claims' takes IdTokenClaims"),
        (lambda: Scenario(host=cast("Host", HostTokens())), "'host' takes Host or None"),
    ],
    ids=[
        "no logins",
        "no type",
        "no login",
        "no answer",
        "matcher",
        "late text",
        "past",
        "text",
        "late never",
        "experimental api",
        "account id",
        "plan",
        "access token",
        "claims",
        "no host",
    ],
)
def test_mistake_in_a_host_is_refused(make: Callable[[], Any], says: str) -> None:
    """The message names the field and what it takes."""
    with pytest.raises((TypeError, ValueError), match=says):
        make()


@pytest.mark.parametrize(
    ("scenario", "seconds"),
    [
        (Scenario(), 0),
        (Scenario(host=Host()), 0),
        (Scenario(host=Host(refreshes=never())), 10),
        (Scenario(host=Host(refreshes=[late(8), never(), HostTokens()])), 18),
        (Scenario(host=Host(refreshes=late(2)), backend=Backend(token=slow(3))), 5),
    ],
    ids=["no host", "at once", "never", "several", "both"],
)
def test_scenario_knows_how_long_it_waits(scenario: Scenario, seconds: float) -> None:
    """For slow answers of the backend, and for late ones and none of the host."""
    assert seconds == scenario.waits


LOGIN, NEXT, LAST = (HostTokens(account_id=f"workspace-{number}") for number in (7, 8, 9))


@pytest.mark.parametrize(
    ("host", "tokens"),
    [
        (Host(), [HostTokens()] * 3),
        (Host(logins=[LOGIN, log_out(), {"type": "apiKey"}]), [LOGIN, *[HostTokens()] * 2]),
        (Host(refreshes=[NEXT, late(1, LAST)]), [HostTokens(), NEXT, LAST, HostTokens()]),
        (Host(refreshes=[never(), RpcError(1, "x"), late(1, {"a": 1})]), [HostTokens()] * 2),
    ],
    ids=["by default", "logins", "answers", "no tokens"],
)
def test_host_knows_what_tokens_it_declares(host: Host, tokens: list[HostTokens]) -> None:
    """Of its logins, of its answers, and those that come when a list of answers is used up."""
    assert tuple(tokens) == host.tokens


# Played.


class Wire:
    """What a host replied."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.said: list[Mapping[str, Any]] = []

    def __call__(self, message: Mapping[str, Any]) -> None:
        """Take a reply."""
        self.said.append(message)


def played(host: Host | None, times: int = 1) -> tuple[HostApp, Wire, Names]:
    """Ask a host so many times for new tokens."""
    names, wire = Names(), Wire()
    app = HostApp(host, names)
    for _ in range(times):
        app.answer(ASKED, wire)
    return app, wire, names


def test_login_hands_over_a_token_that_names_its_owner() -> None:
    """A JWT with the claims; the workspace and, if given, the plan beside it."""
    names = Names()
    tokens = HostTokens(account_id="workspace-7", plan_type="team")

    ((method, params),) = HostApp(Host(logins=tokens), names).logins()

    assert params is not None
    assert (
        method,
        params["type"],
        params["chatgptAccountId"],
        params["chatgptPlanType"],
    ) == ("account/login/start", "chatgptAuthTokens", "workspace-7", "team")
    assert SIGNED_IN.claims == parse_id_token(params["accessToken"])
    assert decode_jwt(params["accessToken"])["jti"] == "host-0"
    assert names.redact(params["accessToken"]) == "host-0"


def test_plan_that_is_not_given_is_left_out() -> None:
    """As Codex allows."""
    ((_, params),) = HostApp(Host(), Names()).logins()

    assert {"type", "accessToken", "chatgptAccountId"} == set(params or {})


def test_access_token_may_be_any_text() -> None:
    """Then it carries no claims."""
    tokens = HostTokens(access_token="no-token-at-all", claims=IdTokenClaims(email="a@b.c"))

    ((_, params),) = HostApp(Host(logins=tokens), Names()).logins()

    assert (params or {})["accessToken"] == "no-token-at-all"


def test_older_release_gets_an_id_token() -> None:
    """Up to 0.98.0 that names workspace and plan."""
    tokens = HostTokens(account_id="workspace-7", claims=signed_in(plan_type="team").claims)

    ((_, params),) = HostApp(Host(logins=tokens), Names(), Version("0.98.0")).logins()

    assert params is not None
    claims = parse_id_token(params["idToken"])
    assert {"type", "accessToken", "idToken"} == set(params)
    assert (claims.chatgpt_account_id, claims.plan_type) == ("workspace-7", "team")


def test_steps_of_a_login_come_in_order() -> None:
    """Tokens, a logout, and params as on the wire."""
    key = {"type": "apiKey", "apiKey": "sk-scenario-key"}
    names = Names()

    steps = list(HostApp(Host(logins=[HostTokens(), log_out(), key]), names).logins())

    assert [m for m, _ in steps] == ["account/login/start", "account/logout", "account/login/start"]
    assert (None, key, "api-key") == (steps[1][1], steps[2][1], names.redact("sk-scenario-key"))


def test_refresh_is_answered_with_new_tokens() -> None:
    """Each another one, that counts as granted; what was asked is written down."""
    app, wire, names = played(Host(), times=2)

    given = [names.redact(message["result"]["accessToken"]) for message in wire.said]
    assert given == ["host-0", "host-1"]
    assert names.is_granted("host-1")
    assert (
        Asked("unauthorized", "workspace-1", "host-0"),
        Asked("unauthorized", "workspace-1", "host-1"),
    ) == app.journal


def test_tokens_of_the_login_do_not_count_as_granted() -> None:
    """The model refuses them until Codex sends another."""
    names = Names()
    list(HostApp(Host(), names).logins())

    assert not names.is_granted("host-0")


@pytest.mark.parametrize(
    ("answer", "message", "told"),
    [
        (RpcError(-32000, "no"), {"error": {"code": -32000, "message": "no"}}, "error -32000"),
        ({"a": 1}, {"result": {"a": 1}}, "a result of its own"),
        ({}, {"result": {}}, "a result of its own"),
        (late(SOON, {"a": 1}), {"result": {"a": 1}}, "a result of its own after 0.01 s"),
        (late(SOON, {}), {"result": {}}, "a result of its own after 0.01 s"),
    ],
    ids=["error", "result", "empty", "late", "late and empty"],
)
def test_refresh_is_answered_as_declared(answer: Any, message: Any, told: str) -> None:
    """On the wire and in the journal."""
    app, wire, _ = played(Host(refreshes=answer))
    app.finish()

    assert ([message], told) == (wire.said, app.journal[0].answer)


def test_late_answer_is_new_tokens_unless_told() -> None:
    """Its name is written down before it comes."""
    app, wire, names = played(Host(refreshes=late(SOON)))
    app.finish()

    (message,) = wire.said
    assert names.redact(message["result"]["accessToken"]) == "host-0"
    assert app.journal[0].answer == "host-0 after 0.01 s"


def test_request_without_params_is_answered() -> None:
    """What it leaves out is written down as left out."""
    app, wire = HostApp(Host(refreshes={"a": 1}), Names()), Wire()

    app.answer({"id": 0, "method": REFRESH}, wire)

    assert wire.said == [{"result": {"a": 1}}]
    assert (Asked(None, None, "a result of its own"),) == app.journal


def test_refresh_may_never_be_answered() -> None:
    """It is written down all the same."""
    app, wire, _ = played(Host(refreshes=never()))
    app.finish()

    assert (wire.said, app.journal[0].answer) == ([], "never")


def test_late_answer_can_be_given_up() -> None:
    """When the run ends before it comes."""
    app, wire, _ = played(Host(refreshes=late(60)))

    app.close()

    (timer,) = app._timers()
    timer.join(5)
    assert (wire.said, timer.is_alive()) == ([], False)


def test_list_of_answers_is_used_up() -> None:
    """Then come new tokens; one answer alone holds for good."""
    several, _, _ = played(Host(refreshes=[RpcError(1, "x")]), times=3)
    one, _, _ = played(Host(refreshes=RpcError(1, "x")), times=2)

    assert [asked.answer for asked in several.journal] == ["error 1", "host-0", "host-1"]
    assert [asked.answer for asked in one.journal] == ["error 1", "error 1"]


@pytest.mark.parametrize(
    ("host", "method"), [(None, REFRESH), (Host(), "item/tool/call")], ids=["no host", "method"]
)
def test_other_requests_are_refused(host: Host | None, method: str) -> None:
    """As by a client that knows none of them."""
    wire = Wire()
    app = HostApp(host, Names())

    app.answer({**ASKED, "method": method}, wire)

    assert (wire.said[0]["error"]["code"], app.journal[0].answer) == (-32601, "refused")


def test_host_asks_for_the_experimental_api_unless_told() -> None:
    """And so does a client that is no host."""
    assert [
        HostApp(host, Names()).has_experimental_api
        for host in (None, Host(), Host(experimental_api=False))
    ] == [True, True, False]


def test_expired_token_of_a_host_says_so() -> None:
    """Its ``exp`` is what was declared."""
    token = AccessToken(expires_at=None)

    ((_, params),) = HostApp(Host(logins=HostTokens(access_token=token)), Names()).logins()

    assert "exp" not in decode_jwt((params or {})["accessToken"])


# Named.


def test_only_what_answers_a_refresh_is_granted() -> None:
    """A name that nobody has is not."""
    names = Names()
    names.add("access-0", "token-of-the-home")
    names.add("host-0", "token-of-the-host", granted=True)

    assert list(map(names.is_granted, ("access-0", "host-0", "host-1"))) == [False, True, False]


def test_token_that_is_handed_over_again_is_not_granted() -> None:
    """Codex had it from the start, and it goes by the name that it got then."""
    names, wire = Names(), Wire()
    same = HostTokens(access_token="the-same-token")
    app = HostApp(Host(logins=same, refreshes=same), names)
    list(app.logins())

    app.answer(ASKED, wire)

    name = names.redact(wire.said[0]["result"]["accessToken"])
    assert (name, names.is_granted(name)) == ("host-0", False)


def test_secrets_are_the_tokens_that_can_be_told_from_text() -> None:
    """No address, and nothing of less than six characters; each by its first name."""
    names = Names()
    names.add("host-0", "123456")
    names.add("host-1", "123456")
    names.add("short", "12345")
    names.add("nothing", "")
    names.add_place("http://backend", "http://127.0.0.1:1")

    assert names.secrets == {"123456": "host-0"}


def test_place_goes_by_its_name_and_is_no_secret() -> None:
    """One that is empty has no name."""
    names = Names()
    names.add_place("http://backend", "http://127.0.0.1:1")
    names.add_place("nowhere", "")

    assert names.redact("GET http://127.0.0.1:1/v1") == "GET http://backend/v1"
    assert (names.redact(""), names.secrets) == ("", {})


def test_tokens_as_on_the_wire_have_names() -> None:
    """So that they are told by them, and searched for."""
    login = {"type": "chatgptAuthTokens", "accessToken": "a-token-of-its-own", "idToken": "x.y.z"}
    app, wire, names = played(Host(logins=login, refreshes={"accessToken": "another-token"}))
    list(app.logins())

    assert [names.redact(token) for token in ("a-token-of-its-own", "x.y.z", "another-token")] == [
        "host-own",
        "id-of-host-own",
        "host-own",
    ]
    assert wire.said[0]["result"]["accessToken"] == "another-token"


def test_late_answer_after_the_end_is_not_given() -> None:
    """Codex may ask while the run is being closed."""
    app, wire, _ = played(Host(refreshes=late(SOON)), times=0)
    app.close()

    app.answer(ASKED, wire)

    assert (wire.said, app._timers()) == ([], ())
