"""A client for ``codex app-server``: JSON-RPC over stdio, one object a line.

Codex leaves the member ``"jsonrpc"`` out and sends requests of its own, which the host answers,
refuses or ignores. Everything is written down in order; every wait has a deadline.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal, Self

from attrs import field, frozen

from harness.codex.output import Lines, Output
from harness.codex.process import READER_GRACE, Ending, Process

DEADLINE: Final = 20.0
"""Seconds that Codex has for any answer, unless a call says otherwise."""

EXIT_GRACE: Final = 5.0
"""Seconds that Codex has to end by itself once its standard input is closed."""

CLIENT_INFO: Final = {"name": "codex-auth-scenarios", "title": "Scenarios", "version": "0"}

MODEL: Final = "gpt-5"
PROMPT: Final = "Say one word."
TURN_INPUT: Final = [{"type": "text", "text": PROMPT, "text_elements": []}]
"""What a turn says to the model, which answers the same whatever it is."""

Json = Any
Answer = Mapping[str, Json]
"""``{"result": …}`` or ``{"error": {"code": …, "message": …}}``."""

OnRequest = Callable[[Mapping[str, Json], Callable[[Answer], None]], None]
"""Takes a request of Codex and a function that sends the answer: now, later, or never."""


class CodexSilentError(Exception):
    """Codex did not do within the deadline what was waited for."""


class CodexGoneError(Exception):
    """Codex ended while it was waited for."""


@frozen
class Line:
    """A line of the transcript.

    Args:
        sender: who sent it.
        message: the JSON-RPC message; text for a line of Codex that is no JSON.
        at: seconds since the process was started.
    """

    sender: Literal["host", "codex"]
    message: Json
    at: float


def refuse_everything(_request: Mapping[str, Json], reply: Callable[[Answer], None]) -> None:
    """Refuse a request of Codex, as a host does that knows none of them."""
    reply({"error": {"code": -32601, "message": "this host answers no requests"}})


class AppServer:
    """A running ``codex app-server``: ``with AppServer(…) as server: server.initialize()``.

    Args:
        argv: the command, ``codex app-server`` and what else it is told.
        env, cwd: as for the process.
        stderr: the file that takes its standard error.
        on_request: takes the requests that Codex sends, on the loop.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stderr: Path,
        on_request: OnRequest = refuse_everything,
    ) -> None:
        """Start the process and read from it."""
        self._on_request = on_request
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._transcript: list[Line] = []
        self._awaited: list[_Awaited] = []
        self._last_id = 0
        self._gone = False
        self._fault: Exception | None = None
        self._lines = Lines()
        self._started = time.monotonic()
        self.process = Process(argv, env=env, cwd=cwd, stderr=stderr)
        self._output = Output(self.process.stdout, self._read)

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the process if it has not ended."""
        self.close(grace=0)
        self._output.close()

    @property
    def transcript(self) -> tuple[Line, ...]:
        """Everything that was said so far, in order."""
        with self._lock:
            return tuple(self._transcript)

    def initialize(self, *, experimental: bool = True) -> Mapping[str, Json]:
        """Shake hands, with or without the ``experimentalApi`` capability; return the response."""
        params = {
            "clientInfo": CLIENT_INFO,
            "capabilities": {"experimentalApi": experimental},
        }
        response = self.request("initialize", params)
        self.notify("initialized")
        return response

    def request(
        self, method: str, params: Json = None, *, deadline: float = DEADLINE
    ) -> Mapping[str, Json]:
        """Send a request and return its response, which holds ``result`` or ``error``.

        Raises:
            CodexSilentError: no response within ``deadline`` seconds.
            CodexGoneError: Codex ended before it answered.
        """
        self._last_id += 1
        number = self._last_id
        self._send({"id": number, "method": method} | _given(params))
        return self.wait_for(
            lambda message: message.get("id") == number and "method" not in message,
            what=f"an answer to {method}",
            deadline=deadline,
        )

    def notify(self, method: str, params: Json = None) -> None:
        """Send a notification."""
        self._send({"method": method} | _given(params))

    def notification(
        self, method: str, *, after: int = 0, deadline: float = DEADLINE
    ) -> Mapping[str, Json]:
        """Return the first notification ``method`` at or after line ``after`` of the transcript.

        Raises:
            CodexSilentError, CodexGoneError: as for ``request``.
        """
        return self.wait_for(
            lambda message: message.get("method") == method and "id" not in message,
            what=f"the notification {method}",
            after=after,
            deadline=deadline,
        )

    def wait_for(
        self,
        wanted: Callable[[Mapping[str, Json]], bool],
        *,
        what: str,
        after: int = 0,
        deadline: float = DEADLINE,
    ) -> Mapping[str, Json]:
        """Return the first message of Codex that is ``wanted``, at or after line ``after``.

        Raises:
            CodexSilentError, CodexGoneError: as for ``request``; ``what`` names what was missed.
        """
        awaited = _Awaited(wanted, what)
        with self._lock:
            if not any(map(awaited.take, self._transcript[after:])):
                self._awaited.append(awaited)
            if self._gone:
                self._tell_of_end()
        try:
            return awaited.message.result(deadline)
        except TimeoutError:
            message = f"no sign of {what} within {deadline:g} s"
            raise CodexSilentError(message) from None

    def close(self, grace: float = EXIT_GRACE) -> Ending:
        """Close standard input, wait for the end, and read what was still said."""
        ending = self.process.end(grace)
        self._output.wait(READER_GRACE)
        return ending

    def _send(self, message: Mapping[str, Json]) -> None:
        with self._write_lock:
            self._note("host", message)
            with suppress(BrokenPipeError, ValueError):
                self.process.stdin.write(json.dumps(message).encode() + b"\n")
                self.process.stdin.flush()

    def _note(self, sender: Literal["host", "codex"], message: Json) -> None:
        line = Line(sender, message, round(time.monotonic() - self._started, 3))
        with self._lock:
            self._transcript.append(line)
            if self._awaited:
                self._awaited = [one for one in self._awaited if not one.take(line)]

    def _read(self, piece: bytes) -> None:
        try:
            for line in self._lines.cut(piece):
                self._hear(_parse(line))
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits
            self._fault = error
        if not piece or self._fault:
            with self._lock:
                self._gone = True
                self._tell_of_end()

    def _tell_of_end(self) -> None:
        """Tell whoever still waits that nothing more will be said."""
        for one in self._awaited:
            gone = CodexGoneError(f"Codex ended without {one.what}")
            one.message.set_exception(self._fault or gone)
        self._awaited = []

    def _hear(self, message: Json) -> None:
        self._note("codex", message)
        if isinstance(message, dict) and "method" in message and "id" in message:
            number = message["id"]
            self._on_request(message, lambda answer: self._send({"id": number, **answer}))


@frozen(eq=False)
class _Awaited:
    """What somebody waits for: woken by it alone, and not by all else that Codex says."""

    wanted: Callable[[Mapping[str, Json]], bool]
    what: str
    message: Future[Mapping[str, Json]] = field(factory=Future)

    def take(self, line: Line) -> bool:
        """Whether this is it; if so, whoever waits has it."""
        is_it = (
            line.sender == "codex" and isinstance(line.message, dict) and self.wanted(line.message)
        )
        if is_it:
            self.message.set_result(line.message)
        return is_it


def _given(params: Json) -> dict[str, Json]:
    return {} if params is None else {"params": params}


def _parse(raw: bytes) -> Json:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
