"""Stories: what they may say, what their steps are called, and what is seen of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from packaging.version import Version
from running import run_suite, write_scenarios

from harness import (
    LOCKED,
    SIGNED_IN,
    Backend,
    Called,
    Expect,
    Home,
    Host,
    HostTokens,
    Logout,
    NoAuth,
    Read,
    Refresh,
    Scenario,
    Status,
    Story,
    Turn,
    account_updated,
    do,
    either,
    grant,
    rotating,
    signed_in,
)
from harness.codex.binary import Codex, CodexNotFoundError, find_codex
from harness.declare.do import Step, by_name, homes, in_order
from harness.judge.implied import expected
from harness.judge.judge import judge
from harness.seen.config import config_told
from harness.seen.records import UNSAID, UNSET, fields_of
from harness.suite.stages import Prepared, observe, stages_of
from harness.suite.story import error_of
from harness.world.world import World, start_sdk


def test_steps_are_named_by_verb_server_and_home() -> None:
    """With a number behind it from the second time on; what records nothing has no name."""
    story = [
        do.read(),
        do.read(on="second"),
        do.put(NoAuth()),
        do.together(do.read(), do.turn(on="second")),
        do.read(home="copy"),
    ]

    assert list(by_name(story)) == ["read", "second_read", "read_2", "second_turn", "copy_read"]
    assert homes(story) == ("copy",)


@pytest.mark.parametrize(
    ("scenario", "name", "lies_in_home"),
    [
        (Scenario(auth=signed_in()), "session", False),
        (Scenario(auth=signed_in(), story=[do.turn()]), "story", True),
    ],
    ids=["session", "story"],
)
def test_thread_lies_in_the_home_in_a_story_alone(
    tmp_path: Path, scenario: Scenario, name: str, *, lies_in_home: bool
) -> None:
    """So that what Codex writes of a thread is searched for tokens, and paid for there alone."""
    (stage,) = [one for one in stages_of(scenario) if one.name == name]

    seen = observe(stage, scenario, find_codex(), Prepared(), root=tmp_path)

    answers = [line.message.get("result", {}) for line in seen.evidence.transcript]
    (thread,) = [answer["thread"] for answer in answers if "thread" in answer]
    assert (thread["path"] is not None) is lies_in_home


def test_steps_at_once_are_told_together() -> None:
    """And so is what they wait for."""
    together = do.together(do.read(), do.read(on="second"), after="POST /oauth/token")

    ((named, after),) = in_order([together])

    assert (list(named), after) == (["read", "second_read"], "POST /oauth/token")


wrong: Any = do
"""The same words, for what a type checker would not let pass."""


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: wrong.read(on="the second"), "'on' takes a name such as 'second'"),
        (lambda: wrong.put("auth.json"), "'auth' takes ChatGptAuth or"),
        (lambda: wrong.call(3), "'method' takes str, not 3"),
        (lambda: wrong.run("login", 3), "'words' takes a list of words"),
        (lambda: wrong.sdk(api_key=3), "'api_key' takes str, not 3"),
        (lambda: wrong.run(env={"A": 1}), "'env' maps text to str"),
        (lambda: wrong.visit(code=3), "'query' maps text to str"),
        (lambda: wrong.login("chatgpt"), "'params' takes HostTokens or Mapping"),
        (lambda: wrong.configure(3), "'config' takes str or Mapping"),
        (lambda: wrong.from_now_on(tokens=3), "unexpected keyword argument 'tokens'"),
        (lambda: wrong.occupy(80), r"'port' takes one of \(1455, 1457\)"),
        (lambda: wrong.together(wrong.read(), wrong.turn()), "steps on different app-servers"),
        (lambda: wrong.together("read"), "takes a list of steps"),
    ],
)
def test_mistake_in_a_step_says_what_to_write(make: Callable[[], Step], says: str) -> None:
    """Each names the argument."""
    with pytest.raises((TypeError, ValueError), match=says):
        make()


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        (Story(turns=Turn()), "tells of 'turns'; the story has read, turn"),
        (Story(turn=Read()), r"takes turn=Turn\(…\), not Read"),
    ],
)
def test_expectation_of_a_step_that_is_not_told_is_refused(expect: Story, says: str) -> None:
    """It would pass whatever Codex did."""
    with pytest.raises((TypeError, ValueError), match=says):
        Scenario(story=[do.read(), do.turn()], expect=Expect(story=expect))


def test_story_has_no_probes_of_the_suite() -> None:
    """And the suite has none of a story."""
    with pytest.raises(ValueError, match="'refresh', which only a scenario with neither a host"):
        Scenario(story=[do.read()], expect=Expect(refresh=Refresh(error=None)))
    with pytest.raises(ValueError, match="pins 'story', which only a scenario with a story has"):
        Scenario(expect=Expect(story=Story(read=Read(error=None))))


@pytest.mark.parametrize("name", ["usage", "code"])
def test_only_the_token_endpoint_redeems_refresh_tokens(name: str) -> None:
    """An answer that depends on them makes no sense elsewhere."""
    with pytest.raises(TypeError, match=f"'{name}' redeems no refresh tokens"):
        Backend(**{name: rotating()})  # type: ignore[arg-type]


def test_grant_of_a_login_is_none_of_the_model() -> None:
    """Two endpoints give tokens."""
    Backend(code=grant(expires_in=60))
    with pytest.raises(TypeError, match="'responses' cannot grant tokens"):
        Backend(responses=grant())


def test_story_implies_that_all_goes_well() -> None:
    """On the home as it was declared."""
    seen = expected(Scenario(auth=SIGNED_IN, story=[do.read(), do.status(token=False), do.turn()]))

    assert expected(Scenario(auth=SIGNED_IN)).status.auth_token == "access-0"
    assert seen.story.steps["status"].auth_token is None
    assert seen.story.steps["turn"].bearers == ("access-0",)
    assert seen.requests.counts["POST /v1/responses"] == 1


def test_story_must_say_what_it_is_told() -> None:
    """Nothing is implied of an answer, so whatever it is, the cell is red until it is written."""
    story = [do.call("account/read")]
    call = expected(Scenario(story=story)).story.steps["call"]
    said = Expect(story=Story(call=Called(result={"account": None})))

    assert call.result is UNSAID
    assert [one.field for one in judge(call, Called(result={}, error=None))] == ["result"]
    assert judge(call, Called(result=None, error=None))
    told = expected(Scenario(story=story, expect=said)).story.steps["call"]
    assert not judge(told, Called(result={"account": None, "more": 1}, error=None))


def test_differences_of_a_story_name_their_step() -> None:
    """For the reader, and for whoever writes them down."""
    wanted = Story(read=Read(account=None), status=Status(auth_token="access-0"))
    seen = Story(read=Read(account=None), status=Status(auth_token="access-1"))

    (difference,) = judge(wanted, seen)

    assert (
        difference.name,
        difference.step,
        difference.kind,
    ) == ("status.auth_token", "status", "Status")
    assert fields_of(seen) == {"read.account": None, "status.auth_token": "access-1"}


def test_program_on_the_sdk_sees_what_an_app_server_says() -> None:
    """And asks the model once, as every turn does."""
    seen = expected(Scenario(auth=SIGNED_IN, story=[do.sdk(), do.exec(), do.turn()]))
    used = seen.story.steps["sdk"]

    assert (used.account, used.bearers) == (seen.read.account, ("access-0",))
    assert seen.requests.counts["POST /v1/responses"] == 3


def test_sdk_that_is_not_installed_is_no_fault_of_codex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harness says what to install."""
    monkeypatch.setattr("harness.world.world.find_spec", lambda _: None)
    codex = Codex(Path("codex"), "0.163.0")

    with (
        World(Scenario(story=[do.sdk()]), codex, root=tmp_path) as world,
        pytest.raises(CodexNotFoundError, match="install openai-codex"),
    ):
        start_sdk(world, api_key="")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('model = "gpt-5"\n[features]\napps = false\n', ()),
        ("[features]\napps = true\n", ("features.apps = true", "no model")),
        ("[features\n", ("no TOML: Expected ']' at the end of a table declaration",)),
    ],
    ids=["as-written", "changed", "broken"],
)
def test_settings_are_told_beside_those_of_the_harness(text: str, told: tuple[str, ...]) -> None:
    """So that a scenario names only what Codex has changed, and all of it."""
    (*seen,) = config_told(text, {"model": "gpt-5", "features": {"apps": False}})

    assert [line.partition(" (at ")[0] for line in seen] == list(told)


def test_what_is_put_last_is_what_lies_in_the_home() -> None:
    """Untouched, unless the scenario says otherwise."""
    other = signed_in(account_id="workspace-2")
    seen = expected(Scenario(auth=SIGNED_IN, story=[do.put(NoAuth()), do.put(other)])).home

    assert seen.auth_json == "untouched"
    assert seen.auth["tokens"]["access_token"] == "access-put-2"


@pytest.mark.parametrize(
    ("step", "takes_it"),
    [
        (do.login({"type": "chatgpt"}), True),
        (do.login({"type": "apiKey", "apiKey": "sk-x"}), False),
        (do.begin("login"), True),
        (do.run("-c", "model=x", "login"), True),
        (do.run("login", "--with-api-key"), False),
        (do.run("login", "status"), False),
        (do.occupy(), True),
    ],
)
def test_only_a_login_with_a_browser_takes_the_port(step: Step, *, takes_it: bool) -> None:
    """There is one on a machine, and stories wait for each other to have it."""
    assert do.logs_in_with_a_browser([step]) is takes_it
    assert (Scenario(story=[step]).waits > 0) is takes_it


def test_login_that_goes_well_is_implied() -> None:
    """One that a person ends has then but begun; a browser ends on the page of Codex."""
    story = [
        do.login({"type": "chatgpt"}),
        do.visit(),
        do.login({"type": "chatgptDeviceCode"}),
        do.login({"type": "apiKey", "apiKey": "sk-x"}),
        do.login(HostTokens()),
        do.logout(),
    ]
    told = expected(Scenario(story=story)).story.steps

    said = [told[name].messages for name in ("login", "login_2", "login_3", "login_4")]
    assert said[:2] == [
        ({"result": {"type": "chatgpt", "loginId": "login-1"}},),
        ({"result": {"type": "chatgptDeviceCode", "loginId": "login-2"}},),
    ]
    assert [one[-1]["params"]["authMode"] for one in said[2:]] == ["apikey", "chatgptAuthTokens"]
    assert told["visit"].location == "/success?id_token=id-1&plan_type="
    assert told["logout"].notifications == (account_updated(None),)


@pytest.mark.parametrize(
    ("becomes", "auth", "layout", "mode"),
    [("removed", None, None, None), ("created", UNSET, True, "0600")],
)
def test_fate_of_the_file_implies_the_rest(becomes: str, auth: Any, layout: Any, mode: Any) -> None:
    """A scenario says only what becomes of it."""
    before = SIGNED_IN if becomes == "removed" else NoAuth()
    pinned = Home(auth_json=becomes) if auth is None else Home(auth_json=becomes, auth={})
    seen = expected(Scenario(auth=before, story=[do.read()], expect=Expect(home=pinned))).home

    assert (seen.auth, seen.layout, seen.mode) == (None if auth is None else {}, layout, mode)


@pytest.mark.parametrize(
    ("home", "release", "appeared"),
    [
        (Home(auth_json="removed"), "0.169.0", LOCKED),
        (Home(auth_json="removed"), "0.163.0", ()),
        (Home(appeared=LOCKED), "0.169.0", LOCKED),
        (Home(appeared=LOCKED), "0.166.0", ("auth.lock",)),
        (Home(appeared=[*LOCKED, "other"]), "0.163.0", ("other",)),
        (Home(), "0.169.0", ()),
    ],
)
def test_locks_appear_on_the_releases_that_leave_them(
    home: Home, release: str, appeared: tuple[str, ...]
) -> None:
    """Where the file is written or removed, and where a scenario says that it was tried."""
    scenario = Scenario(auth=SIGNED_IN, story=[do.read()], expect=Expect(home=home))

    assert expected(scenario, Version(release)).home.appeared == appeared


def test_what_a_race_decides_may_hold_more_members() -> None:
    """As any message may, and old releases tell of no plan."""
    plain, other = account_updated(None), account_updated("apikey")
    pinned = Expect(story=Story(logout=Logout(notifications=either([plain], [other, plain]))))
    scenario = Scenario(story=[do.logout()], expect=pinned)
    more = {**plain, "params": {**plain["params"], "more": 1}}
    older = {**plain, "params": {"authMode": None}}

    for release, said in (("0.163.0", more), ("0.98.0", older)):
        told = expected(scenario, Version(release)).story
        record = told.steps["logout"]
        seen = Story(logout=evolve(record, notifications=[said]))
        assert not judge(told, seen)
        assert judge(told, Story(logout=evolve(record, notifications=[])))


def test_host_of_a_story_is_its_own_affair() -> None:
    """A story says itself when the host logs in."""
    scenario = Scenario(host=Host(), taken_for=NoAuth(), story=[do.login()])

    assert scenario.kind == "story"


STORY = '''"""A refresh in a story."""

from harness import *

scenario = Scenario(
    auth=SIGNED_IN,
    story=[do.read(refresh=True), do.turn(), do.run("login", "status")],
    {expect}
)
'''

RIGHT = """expect=Expect(
        story=Story(turn=Turn(bearers=["access-1"]), run=Ran(text="Logged in using ChatGPT")),
        home=Home(auth_json="rewritten", auth=stored_tokens(1)),
        requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
    ),"""


@pytest.mark.parametrize(
    ("expect", "failed"),
    [(RIGHT, set()), (RIGHT.replace("access-1", "access-0"), {"story"}), ("", {"*"})],
    ids=["right", "wrong", "unsaid"],
)
def test_story_is_told_to_a_real_codex(tmp_path: Path, expect: str, failed: set[str]) -> None:
    """And each part of it can fail."""
    directory = write_scenarios(tmp_path, {"told": STORY.replace("{expect}", expect)})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    wanted = {"story", "home", "requests"} if failed == {"*"} else failed
    assert {f"scenarios/told.py::{probe}" for probe in wanted} == outcome.failed
    assert not outcome.errors


def test_update_writes_the_steps_of_a_story(tmp_path: Path) -> None:
    """Then the scenario is green."""
    directory = write_scenarios(tmp_path, {"told": STORY.replace("{expect}", "")})

    run_suite("-n", "0", "--update", "scenarios", cwd=directory)
    again = run_suite("-n", "0", "scenarios", cwd=directory)

    text = (directory / "scenarios" / "told.py").read_text()
    assert "turn=Turn(bearers=['access-1'])" in text
    assert (0, set()) == (again.exit_code, again.failed)


def test_red_step_shows_the_deviation_to_paste(tmp_path: Path) -> None:
    """Nested as the scenario writes it."""
    source = STORY.replace("{expect}", RIGHT.replace("access-1", "access-0"))
    directory = write_scenarios(tmp_path, {"told": source})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert "story.turn.bearers:" in outcome.text
    assert "story=Story(turn=Turn(bearers=['access-1']))" in outcome.text


def test_mistake_in_a_story_is_one_message(tmp_path: Path) -> None:
    """With the file and the line."""
    source = STORY.replace("{expect}", "expect=Expect(story=Story(turn_2=Turn())),")
    directory = write_scenarios(tmp_path, {"told": source})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert "scenarios/told.py:5: 'expect' tells of 'turn_2'; the story has" in outcome.text


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (
            (
                '{"type":"item.completed","item":{"type":"error","message":"a warning"}}\n'
                '{"type":"error","message":"token expired"}\n'
                '{"type":"turn.failed","error":{"message":"token expired"}}\n'
                "Reading additional input from stdin...\n"
                "2026-11-26T00:15:38.347318Z ERROR codex_api::endpoint: error=http 401"
            ),
            "token expired",
        ),
        ("API key login is required. Logging out.", "API key login is required. Logging out."),
        ('{"type":"turn.completed"}', ""),
    ],
    ids=["in-the-turn", "before-the-turn", "none"],
)
def test_text_of_exec_is_its_errors(said: str, error: str) -> None:
    """Each once, wherever it was told, and nothing of its log."""
    assert error_of(said) == error


@pytest.mark.parametrize("value", [{}, {"result": UNSAID}])
def test_nothing_is_equal_to_what_is_unsaid(value: Any) -> None:
    """Not even something alike."""
    assert value != UNSAID
