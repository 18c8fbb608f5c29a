"""The states for any client: ``run``, ``serve``, ``materialize`` and ``check``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psutil
import pytest
from running import environment

from harness import LEFT_OUT, SIGNED_IN, Scenario, do, signed_in, write_auth
from harness.__main__ import main
from harness.client.check import Finding, ranges
from harness.client.control import Control
from harness.client.environment import ELSEWHERE
from harness.client.materialize import NOWHERE, NotMaterializedError, materialize
from harness.client.run import NotRunError, run
from harness.client.serve import Served
from harness.client.state import CodexState
from harness.client.verdict import NotExpectableError
from harness.declare.modules import Declared
from harness.declare.states import find_state

REFRESHES: Final = """
import json, os, pathlib, urllib.parse, urllib.request
ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
path = pathlib.Path.home() / ".codex" / "auth.json"
auth = json.loads(path.read_text())
body = {"grant_type": "refresh_token", "refresh_token": auth["tokens"]["refresh_token"]}
request = urllib.request.Request(os.environ["CODEX_REFRESH_TOKEN_URL_OVERRIDE"],
                                 json.dumps(body).encode(), {"Content-Type": "application/json"})
auth["tokens"] |= json.load(ask(request))
path.write_text(json.dumps(auth, indent=2))
"""
"""A client that does with an expired token what Codex does."""

LOGS: Final = f"{REFRESHES}\n(path.parent / 'my.log').write_text(auth['tokens']['access_token'])"


def declared(scenario: Scenario) -> Declared:
    """Return a scenario as a module ``mine`` declares it."""
    return Declared(name="mine", variant="", path=Path(), description="Mine.", scenario=scenario)


def is_running(pid: int) -> bool:
    """Whether a process is there, and not only waited for by nobody."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def say_nothing(_: str) -> None:
    """Keep quiet."""


@pytest.mark.parametrize(
    ("source", "exit_code", "says"),
    [
        (REFRESHES, 0, "all is as expected"),
        ("", 1, "  requests.refreshed_with:"),
        (LOGS, 1, "  home.leaked:"),
        ("raise SystemExit(3)", 3, "  home.auth_json:"),
    ],
)
def test_client_is_held_against_the_state(source: str, exit_code: int, says: str) -> None:
    """It is to do with tokens what Codex does; its own exit code goes first."""
    told: list[str] = []
    words = [sys.executable, "-c", source]

    assert run(find_state("refresh/expired"), words, None, told.append, expect=True) == exit_code
    assert says in told
    assert "  auth.json: rewritten, mode 0600" in told or source not in (REFRESHES, LOGS)


def test_exit_code_is_that_of_a_shell() -> None:
    """A signal counts from 128."""
    killed = ["sh", "-c", "kill -TERM $$"]

    assert run(find_state("no_auth"), killed, None, say_nothing, expect=False) == 128 + 15
    with pytest.raises(NotRunError, match="no-such-client cannot be run: No such file"):
        run(find_state("no_auth"), ["no-such-client"], None, say_nothing, expect=False)


def test_what_a_client_leaves_running_ends_with_it() -> None:
    """It would hold on to a home that is gone."""
    told: list[str] = []
    leaving = ["sh", "-c", 'sleep 60 >/dev/null & echo $! > "$CODEX_HOME/pid-$!"']

    assert run(find_state("no_auth"), leaving, None, told.append, expect=False) == 0
    (left,) = [line for line in told if "appeared: pid-" in line]
    assert not is_running(int(left.rpartition("-")[2]))


def test_story_has_no_expectations_for_a_client() -> None:
    """They follow from what the harness does in it."""
    story = declared(Scenario(auth=SIGNED_IN, story=[do.read()]))
    with pytest.raises(NotExpectableError, match="mine is a story"):
        run(story, ["true"], None, say_nothing, expect=True)


def test_client_sees_no_sign_in_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in variables nor in the place where files of configuration lie."""
    for name in [name for name in os.environ if name.startswith(ELSEWHERE)]:
        monkeypatch.delenv(name)
    for name in ("OPENAI_API_KEY", "CODEX_API_KEY", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "mine")
    with CodexState(find_state("no_auth")) as state:
        assert "mine" not in state.env.values()
        assert state.forgotten == ["CODEX_API_KEY", "OPENAI_API_KEY", "XDG_CONFIG_HOME"]
        assert state.env["PATH"] == os.environ["PATH"]


def test_client_has_not_what_a_state_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from the harness nor from the user."""
    monkeypatch.setenv("SSL_CERT_FILE", "mine")
    with CodexState(declared(Scenario(env={"SSL_CERT_FILE": LEFT_OUT}))) as state:
        assert "SSL_CERT_FILE" not in state.env
        assert "SSL_CERT_FILE" in state.forgotten


Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Return a function that asks the control interface of ``refresh/expired``, or any address."""
    with (
        Served(find_state("refresh/expired"), None, tmp_path) as served,
        Control(served) as control,
    ):

        def request(path: str, said: Any = None, *, url: str = control.url) -> tuple[int, Any]:
            connection = HTTPConnection(urlsplit(url).netloc)
            headers = {"Content-Type": "application/json"}
            body = None if said is None else json.dumps(said)
            connection.request("POST" if body else "GET", path, body, headers)
            response = connection.getresponse()
            return response.status, json.load(response)

        yield request


def test_state_is_begun_anew_at_the_same_address(ask: Ask) -> None:
    """The home lies where it lay, the backend answers where it did, and nothing is left."""
    _, before = ask("/")
    auth = Path(before["home"], "auth.json")
    auth.unlink()
    ask("/v1/models", url=before["backend"])
    assert [one["path"] for one in ask("/journal")[1]] == ["/v1/models"]
    assert ask("/home")[1]["auth_json"] == "removed"

    _, after = ask("/reset", {})
    assert after == before
    assert auth.is_file()
    assert ask("/journal")[1] == []

    _, other = ask("/reset", {"state": "no_auth"})
    assert (other["state"], other["home"]) == ("stored/no_auth", before["home"])
    assert not auth.exists()
    assert ask("/v1/models", url=before["backend"])[0] == 200
    assert ask("/differences") == (200, [])


def test_next_answers_are_told_as_json(ask: Ask) -> None:
    """One holds for good, a list is used up."""
    url = ask("/")[1]["backend"]
    answers = {"token": [{"refuse": {"status": 400, "code": "no"}}], "usage": {"reply": 503}}

    assert ask("/answers", answers)[0] == 200
    assert ask("/oauth/token", {}, url=url) == (
        400,
        {"error": {"code": "no", "message": "refused by the scenario"}},
    )
    assert ask("/oauth/token", {}, url=url)[0] == 200


@pytest.mark.parametrize(
    ("path", "said", "status", "says"),
    [
        ("/answers", {"tokn": {"drop": {}}}, 400, "'tokn' is no endpoint; there are token, "),
        ("/answers", {"token": {"refuze": {}}}, 400, "token: an answer is an object with one of "),
        ("/answers", {"token": {"reply": {"status": "x"}}}, 400, "token: reply: "),
        ("/reset", {"state": "expird"}, 400, "there is no state expird; did you mean 'expired'?"),
        ("/nowhere", None, 404, "there is no GET /nowhere; there are GET /, GET /journal, "),
        ("/home", {}, 404, "there is no POST /home; there are "),
    ],
)
def test_mistake_is_told(ask: Ask, path: str, said: Any, status: int, says: str) -> None:
    """As JSON, and the state stays as it is."""
    answered, told = ask(path, said)

    assert (answered, told["error"][: len(says)]) == (status, says)
    assert ask("/")[1]["state"] == "refresh/expired"


@pytest.mark.parametrize(
    ("kind", "body", "status", "says"),
    [
        ("text/plain", "{}", 415, "a body is JSON, and says so: Content-Type: application/json"),
        ("application/json", "{", 400, "the body is no JSON: "),
    ],
)
def test_body_that_is_no_json_is_refused(
    tmp_path: Path, kind: str, body: str, status: int, says: str
) -> None:
    """Also one that only does not say so, as what any page in a browser may send."""
    with Served(find_state("no_auth"), None, tmp_path) as served, Control(served) as control:
        connection = HTTPConnection(urlsplit(control.url).netloc)
        connection.request("POST", "/reset", body, {"Content-Type": kind})
        response = connection.getresponse()

        assert (response.status, json.load(response)["error"][: len(says)]) == (status, says)


def test_fault_is_told_to_whoever_asks(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that it takes to report it."""
    monkeypatch.setattr(Served, "about", lambda _: dict[str, str]()["what"])

    status, told = ask("/")

    assert (status, told["error"].splitlines()[-1]) == (500, "KeyError: 'what'")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, None])
def test_serving_ends_cleanly(end: signal.Signals | None) -> None:
    """With a signal, or with the one that holds its standard input; nothing is left."""
    with subprocess.Popen(
        [sys.executable, "-m", "harness", "serve", "no_auth"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as serving:
        assert serving.stdout is not None
        assert serving.stdin is not None
        lines = [line.strip() for line in serving.stdout if line.startswith("export ")]
        told = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        assert Path(told["CODEX_HOME"]).is_dir()
        assert int(told["CODEX_STATE_PID"]) == serving.pid
        if end:
            serving.send_signal(end)
        else:
            serving.stdin.close()
        assert serving.wait() == 0
    assert not Path(told["CODEX_HOME"]).parents[1].exists()


def test_materialized_state_stays(tmp_path: Path) -> None:
    """A shell that reads the file is led to the home, and to a backend that is none."""
    env = materialize(find_state("stored/api_key"), tmp_path / "state", NOWHERE)

    said = subprocess.run(
        ["sh", "-c", f". {env}; cat ~/.codex/auth.json; echo; echo $OPENAI_BASE_URL"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    assert '"auth_mode": "apikey"' in said
    assert said.endswith(f"{NOWHERE}/v1\n")
    with pytest.raises(NotMaterializedError, match=r"state cannot be used: .* is not empty"):
        materialize(find_state("stored/api_key"), tmp_path / "state", NOWHERE)


def test_state_of_a_process_is_not_materialized(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ``/etc`` of its own, or modes that bind root, nothing can be left behind of."""
    monkeypatch.setattr("harness.world.world.launcher", lambda *_: ["unshare"])
    state = declared(Scenario(auth=SIGNED_IN))
    with pytest.raises(NotMaterializedError, match="mine holds for a process alone"):
        materialize(state, tmp_path / "state", NOWHERE)
    assert not (tmp_path / "state").exists()


def test_state_with_tls_is_not_materialized(tmp_path: Path) -> None:
    """Whoever vouches for the backend ends with it."""
    state = find_state("routing/routed_to_own_backend[configured]")
    with pytest.raises(NotMaterializedError, match="holds for a process alone"):
        materialize(state, tmp_path / "state", NOWHERE)
    assert not (tmp_path / "state").exists()


def test_check_says_what_codex_makes_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The pinned one does; the file is left alone, and nothing of it is told."""
    path = write_auth(tmp_path, signed_in(plan_type="team"))
    assert path is not None
    before = path.read_bytes()
    exit_code = main(["check", str(path), "--codex", "pinned"])
    said = capsys.readouterr().out

    assert exit_code == 0
    assert "accepted\n  signed in      chatgpt, plan team\n" in said
    assert "  first turn     completed; sent access-0 with an account\n" in said
    assert path.read_bytes() == before
    secrets = [*json.loads(before)["tokens"].values(), "someone@example.com"]
    assert not [secret for secret in secrets if secret in said]


def test_check_refuses_what_a_release_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Codex repeats what it stumbles over; that is told by its place in the file."""
    (tmp_path / "auth.json").write_text('{"tokens": "secret-of-mine"}')
    exit_code = main(["check", str(tmp_path), "--codex", "pinned"])
    said = capsys.readouterr().out

    assert exit_code == 1
    assert "NOT ACCEPTED\n  signed in      no" in said
    assert 'invalid type: string "<tokens>"' in said
    assert "secret-of-mine" not in said


def test_releases_that_make_the_same_of_it_are_one_range() -> None:
    """In the order in which they were tried."""
    yes, no = (Finding(accepted=accepted, told={}) for accepted in (True, False))

    assert ranges({"1.0": no, "1.1": yes, "1.2": yes, "1.3": no}) == {
        "1.0": no,
        "1.1 to 1.2": yes,
        "1.3": no,
    }
