"""The client for app-servers, tried on small scripts that answer as each test needs."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import os
import select
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest
from attrs import frozen

from harness.codex import app_server
from harness.codex.app_server import (
    CLIENT_INFO,
    AppServer,
    CodexGoneError,
    CodexSilentError,
    Line,
)
from harness.codex.process import Ending, Process

DEADLINE = 20.0
"""Seconds that nothing here takes; a wait that is to fail has a deadline of its own."""

SHORT = 0.05

PRELUDE = """
import json, os, signal, sys

def say(message):
    print(json.dumps(message), flush=True)

def heard():
    return (json.loads(line) for line in sys.stdin)

"""

ECHO = """
for message in heard():
    if "id" in message:
        say({"id": message["id"], "result": message})
    else:
        say({"method": "heard", "params": message})
"""

ASKS = """
say({"id": "q1", "method": "host/ask", "params": {"a": 1}})
for message in heard():
    say({"method": "heard", "params": message})
"""

FORK = """
if os.fork() == 0:
    signal.alarm(99)
    say({"method": "child"})
    signal.pause()
"""

DEAF = """
say({"method": "ready"})
signal.alarm(99)
signal.pause()
"""

Start = Callable[..., AppServer]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a server."""

    def written(source: str) -> Path:
        path = tmp_path / "server"
        path.write_text(f"#!{sys.executable}\n{PRELUDE}{textwrap.dedent(source)}")
        path.chmod(0o755)
        return path

    return written


@pytest.fixture
def start(tmp_path: Path, write: Callable[[str], Path]) -> Iterator[Start]:
    """Return a function that starts a server, which ends with the test."""
    with ExitStack() as stack:

        def started(source: str, **options: Any) -> AppServer:
            given = {"env": {}, "cwd": tmp_path, "stderr": tmp_path / "stderr", **options}
            return stack.enter_context(AppServer([write(source)], **given))

        yield started


@frozen
class Pulse:
    """A named pipe that tells when the last of those processes has ended that held it."""

    path: Path
    _reader: int

    @property
    def source(self) -> str:
        """What a server does to hold it, with all its children."""
        return f"os.open({str(self.path)!r}, os.O_WRONLY)\n"

    def has_stopped(self) -> bool:
        """Whether it is held by nobody, now or soon."""
        ready, _, _ = select.select([self._reader], [], [], DEADLINE)
        return bool(ready) and os.read(self._reader, 1) == b""


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[Pulse]:
    """Return a pulse that nobody holds yet."""
    path = tmp_path / "pulse"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield Pulse(path, reader)
    os.close(reader)


# Requests and answers.


def test_server_is_started_with_what_was_given(start: Start) -> None:
    """Exactly that environment, and no argument beside."""
    server = start(
        "say({'method': 'a', 'params': [sys.argv[1:], os.environ['A'], 'PATH' in os.environ]})",
        env={"A": "b"},
    )

    assert [[], "b", False] == server.notification("a")["params"]


def test_request_has_a_number_a_method_and_params(start: Start) -> None:
    """No ``"jsonrpc"``; ``params`` only where there are some."""
    server = start(ECHO)

    assert [{"id": 1, "method": "a"}, {"id": 2, "method": "b", "params": {"c": 3}}] == [
        server.request("a")["result"],
        server.request("b", {"c": 3})["result"],
    ]


def test_notification_has_no_number(start: Start) -> None:
    """Nothing is to be answered."""
    server = start(ECHO)

    server.notify("a", {"b": 1})

    assert {"method": "a", "params": {"b": 1}} == server.notification("heard")["params"]


def test_answer_is_told_by_its_number(start: Start) -> None:
    """Notifications, requests and answers to others that come before it are not taken for it."""
    server = start("""
        for message in heard():
            say({"method": "id/1", "params": {"id": message["id"]}})
            say({"id": message["id"], "method": "host/ask"})
            say({"id": 99, "result": "other"})
            say({"id": message["id"], "result": "mine"})
    """)

    assert ["mine", "mine"] == [server.request(name)["result"] for name in ("a", "b")]


def test_error_is_an_answer(start: Start) -> None:
    """A refusal is returned, not raised: it is for the probe to judge."""
    server = start("""
        for message in heard():
            say({"id": message["id"], "error": {"code": -32600, "message": "no"}})
    """)

    assert {"code": -32600, "message": "no"} == server.request("a")["error"]


@pytest.mark.parametrize("experimental", [True, False])
def test_handshake(start: Start, *, experimental: bool) -> None:
    """``initialize`` says who asks and with which capability; ``initialized`` follows."""
    server = start(ECHO)

    response = server.initialize(experimental=experimental)

    assert (
        {"clientInfo": CLIENT_INFO, "capabilities": {"experimentalApi": experimental}},
        {"method": "initialized"},
    ) == (response["result"]["params"], server.notification("heard")["params"])


def test_notification_is_looked_for_after_a_line(start: Start) -> None:
    """What came before that line of the transcript is not taken for it."""
    server = start(ECHO)
    server.notify("first")
    server.notification("heard")
    after = len(server.transcript)
    server.notify("second")

    assert ["first", "second"] == [
        server.notification("heard", after=line)["params"]["method"] for line in (0, after)
    ]


def test_transcript_holds_everything_in_order(start: Start) -> None:
    """Both sides, as they were said."""
    server = start(ECHO)

    server.request("a")
    server.request("b")

    assert [
        ("host", {"id": 1, "method": "a"}),
        ("codex", {"id": 1, "result": {"id": 1, "method": "a"}}),
        ("host", {"id": 2, "method": "b"}),
        ("codex", {"id": 2, "result": {"id": 2, "method": "b"}}),
    ] == [(line.sender, line.message) for line in server.transcript]


def test_transcript_holds_what_was_said_last(start: Start) -> None:
    """Closing waits for the words that follow the end of standard input."""
    server = start(ECHO + "say({'method': 'bye'})\n")

    server.close()

    assert [{"method": "bye"}] == [line.message for line in server.transcript]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (b"panicked at 'no'\n", "panicked at 'no'\n"),
        (b"\xff\n", "\ufffd\n"),
        (b'{"id": 1, \n', '{"id": 1, \n'),
    ],
    ids=["text", "no text", "half an object"],
)
def test_garbage_is_kept_as_text(start: Start, written: bytes, kept: str) -> None:
    """A line that is no JSON breaks nothing and stands in the transcript."""
    server = start(f"sys.stdout.buffer.write({written!r}); sys.stdout.flush()\n{ECHO}")

    assert {"id": 1, "method": "a"} == server.request("a")["result"]
    assert [kept] == [line.message for line in server.transcript if isinstance(line.message, str)]


@pytest.mark.parametrize("written", ["3", "[1]", "null", '"id"'])
def test_json_that_is_no_object_breaks_nothing(start: Start, written: str) -> None:
    """It is no message, whatever it is."""
    server = start(f"print({written!r}, flush=True)\n{ECHO}")

    assert {"id": 1, "method": "a"} == server.request("a")["result"]


def test_standard_error_is_kept(start: Start, tmp_path: Path) -> None:
    """It can be read when the process has ended, whatever it holds."""
    server = start(r"sys.stderr.buffer.write(b'oh \xff')")

    server.close()

    assert ("oh \ufffd", b"oh \xff") == (
        server.process.stderr,
        (tmp_path / "stderr").read_bytes(),
    )


# Requests of the server.


def test_request_of_the_server_is_refused_by_itself(start: Start) -> None:
    """A host that knows none of them says so."""
    heard = start(ASKS).notification("heard")["params"]

    assert ("q1", -32601) == (heard["id"], heard["error"]["code"])


@pytest.mark.parametrize(
    "answer",
    [{"result": {"b": 2}}, {"error": {"code": 1, "message": "no"}}],
    ids=["answered", "refused"],
)
def test_request_of_the_server_is_answered(start: Start, answer: dict[str, Any]) -> None:
    """With what the host's function replies to it."""
    asked: list[Any] = []

    def on_request(request: Any, reply: Callable[[Any], None]) -> None:
        asked.append(request)
        reply(answer)

    server = start(ASKS, on_request=on_request)

    assert {"id": "q1", **answer} == server.notification("heard")["params"]
    assert [{"id": "q1", "method": "host/ask", "params": {"a": 1}}] == asked


def test_request_of_the_server_is_ignored(start: Start) -> None:
    """A host that does not reply says nothing: the server hears what comes next."""
    asked = threading.Event()
    server = start(ASKS, on_request=lambda _request, _reply: asked.set())
    asked.wait(DEADLINE)

    server.notify("next")

    assert {"method": "next"} == server.notification("heard")["params"]


# Silence and death.


@pytest.mark.parametrize(
    ("wait", "what"),
    [
        (lambda server: server.request("a/b", deadline=SHORT), "an answer to a/b"),
        (lambda server: server.notification("c/d", deadline=SHORT), "the notification c/d"),
    ],
    ids=["request", "notification"],
)
def test_silence_has_a_deadline(start: Start, wait: Callable[[AppServer], Any], what: str) -> None:
    """The error names what was missed and how long it was waited for."""
    with pytest.raises(CodexSilentError, match=f"^no sign of {what} within 0.05 s$"):
        wait(start(DEAF))


def test_chatter_does_not_extend_the_deadline(start: Start) -> None:
    """A server that says other things all the time is silent nevertheless."""
    server = start("signal.alarm(5)\nwhile True: say({'method': 'chatter'})")

    with pytest.raises(CodexSilentError):
        server.notification("other", deadline=SHORT)


@pytest.mark.parametrize(
    ("wait", "what"),
    [
        (lambda server: server.request("a/b"), "an answer to a/b"),
        (lambda server: server.notification("c/d"), "the notification c/d"),
    ],
    ids=["request", "notification"],
)
def test_death_ends_the_wait(start: Start, wait: Callable[[AppServer], Any], what: str) -> None:
    """The error comes at once, not at the deadline, and names what was missed."""
    with pytest.raises(CodexGoneError, match=f"^Codex ended without {what}$"):
        wait(start("sys.exit(3)"))


def test_last_words_count(start: Start) -> None:
    """What a server says before it dies is found, even afterwards."""
    server = start("say({'method': 'a'})")

    server.close()

    assert {"method": "a"} == server.notification("a")


def test_writing_to_the_dead_is_no_error(start: Start) -> None:
    """That nobody listens is found out by waiting."""
    server = start("sys.exit(0)")
    server.close()

    server.notify("a")

    assert [*server.transcript] == [Line("host", {"method": "a"}, server.transcript[-1].at)]


# How processes end.


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("for message in heard(): pass", 0),
        ("sys.exit(3)", 3),
        ("os.kill(os.getpid(), signal.SIGTERM)", -15),
    ],
    ids=["at the end of input", "by itself", "by a signal"],
)
def test_exit_code(start: Start, source: str, code: int) -> None:
    """It is as ``subprocess`` gives it."""
    assert code == start(source).close().exit_code


def test_process_that_ignores_the_end_of_its_input_is_killed(start: Start) -> None:
    """It has no exit code, since it did not exit."""
    server = start(DEAF)
    server.notification("ready")

    ending = server.close(grace=SHORT)

    assert (None, False) == (ending.exit_code, psutil.pid_exists(server.process._popen.pid))


def test_ending_stays_the_same(start: Start) -> None:
    """Asking twice, or leaving ``with`` afterwards, changes nothing."""
    server = start("sys.exit(3)")

    assert server.close() is server.close()


def test_leaving_kills(tmp_path: Path, write: Callable[[str], Path]) -> None:
    """A process that was never closed is gone and waited for."""
    with AppServer([write(DEAF)], env={}, cwd=tmp_path, stderr=tmp_path / "stderr") as server:
        server.notification("ready")

    assert not psutil.pid_exists(server.process._popen.pid)


def test_exception_kills(tmp_path: Path, write: Callable[[str], Path]) -> None:
    """Whatever happens in between."""
    server = AppServer([write(DEAF)], env={}, cwd=tmp_path, stderr=tmp_path / "stderr")

    with pytest.raises(CodexSilentError), server:
        server.notification("other", deadline=SHORT)

    assert not psutil.pid_exists(server.process._popen.pid)


@pytest.mark.parametrize("rest", ["sys.exit(0)", DEAF], ids=["orphan", "family"])
def test_grandchild_is_gone_afterwards(
    tmp_path: Path, write: Callable[[str], Path], pulse: Pulse, rest: str
) -> None:
    """The whole process group ends with the server, whichever of them lives longer."""
    server = write(pulse.source + FORK + rest)

    with AppServer([server], env={}, cwd=tmp_path, stderr=tmp_path / "stderr") as running:
        running.notification("child")

    assert pulse.has_stopped()


def test_grandchild_is_gone_when_closed(start: Start, pulse: Pulse) -> None:
    """A server that ends in order takes its children along as well."""
    server = start(pulse.source + FORK + "for message in heard(): pass")
    server.notification("child")

    assert (0, True) == (server.close().exit_code, pulse.has_stopped())


def test_escaped_grandchild_holds_nothing_up(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that left the group lives on, and keeps the pipe open; nobody waits for that."""
    monkeypatch.setattr(app_server, "READER_GRACE", SHORT)
    server = start("""
        if os.fork() == 0:
            os.setsid()
            signal.alarm(99)
            say({"method": "escaped", "params": os.getpid()})
            signal.pause()
    """)
    escaped = psutil.Process(server.notification("escaped")["params"])

    leaving = threading.Thread(target=server.__exit__)
    leaving.start()
    leaving.join(DEADLINE)
    is_held_up = leaving.is_alive()
    escaped.kill()
    leaving.join()

    assert not is_held_up


def test_process_is_no_child_of_the_terminal(start: Start) -> None:
    """It leads a session of its own, which no Ctrl-C reaches."""
    server = start("say({'method': 'session', 'params': os.getsid(0) == os.getpid()})")

    assert server.notification("session")["params"]


def test_processor_time_is_measured(tmp_path: Path, write: Callable[[str], Path]) -> None:
    """Of the process and of the children that it waited for."""
    path = write("""
        import time
        if os.fork() == 0:
            while time.process_time() < 0.2: pass
            os._exit(0)
        os.wait()
    """)

    with Process([path], env={}, cwd=tmp_path, stderr=tmp_path / "stderr") as process:
        ending = process.end(DEADLINE)

    assert 0.2 <= ending.cpu_seconds < DEADLINE
    assert Ending(0, ending.cpu_seconds) == ending


@pytest.mark.parametrize(("grace", "exit_code"), [(DEADLINE, 0), (0, None)])
def test_without_grace_it_is_killed_before_its_input_ends(
    tmp_path: Path, write: Callable[[str], Path], grace: float, exit_code: int | None
) -> None:
    """However fast it would have ended by itself."""
    path = write("sys.stdin.read()")
    with Process([path], env={}, cwd=tmp_path, stderr=tmp_path / "stderr") as process:
        close = process.stdin.close

        def close_and_see_the_end() -> None:
            close()
            os.waitid(os.P_PID, process._popen.pid, os.WEXITED | os.WNOWAIT)

        process.stdin.close = close_and_see_the_end  # type: ignore[method-assign]

        assert process.end(grace).exit_code == exit_code


def test_missing_executable_is_told(tmp_path: Path) -> None:
    """There is nothing to wait for."""
    with pytest.raises(FileNotFoundError):
        AppServer([tmp_path / "none"], env={}, cwd=tmp_path, stderr=tmp_path / "stderr")
