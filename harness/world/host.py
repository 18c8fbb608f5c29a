"""The host application, played: it hands over tokens, and writes down what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any, Final

from packaging.version import Version

from harness.declare.answers import as_sequence
from harness.declare.host import Host, HostTokens, Late, LogOut, Never
from harness.seen.names import Names
from harness.seen.records import Asked, RpcError

REFRESH: Final = "account/chatgptAuthTokens/refresh"
LOGIN: Final = "account/login/start"
LOGOUT: Final = "account/logout"
METHOD_NOT_FOUND: Final = -32601

NEW_WIRE: Final = Version("0.99.0")
"""From here on a host names the workspace beside the access token; before, in an id token."""

NAMES_OF_ITS_OWN: Final = {
    "apiKey": "api-key",
    "accessToken": "host-own",
    "idToken": "id-of-host-own",
}
"""What tokens are called that a scenario writes as on the wire."""

Reply = Callable[[Mapping[str, Any]], None]


class HostApp:
    """One host for one run: what it logs in with, and ``answer`` for the requests of Codex.

    Args:
        host: how to behave; ``None``: a client that answers nothing.
        names: where tokens get their names: ``host-0`` is the first that is handed over.
        release: the Codex that it embeds.
    """

    def __init__(self, host: Host | None, names: Names, release: Version = NEW_WIRE) -> None:
        """Hand over nothing yet."""
        self._host = host
        self._release = release
        self._names = names
        self._answers = _queue(host) if host else repeat(None)
        self._handed_over = 0
        self._journal: list[Asked] = []
        self._late: list[threading.Timer] = []
        self._lock = threading.Lock()
        self._closed = False

    @property
    def has_experimental_api(self) -> bool:
        """Whether it initializes with the capability ``experimentalApi``."""
        return self._host is None or self._host.experimental_api

    def logins(self) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
        """Yield the method and the params of each step, with tokens made when they are asked for.

        The method is ``account/login/start`` or ``account/logout``.
        """
        for login in as_sequence(self._host.logins) if self._host else ():
            if isinstance(login, LogOut):
                yield LOGOUT, None
            elif isinstance(login, HostTokens):
                yield self.login_with(login)
            else:
                yield LOGIN, self.named(login)

    def login_with(self, tokens: HostTokens) -> tuple[str, Mapping[str, Any]]:
        """Return the method and the params of a login with ``tokens``."""
        handed_over = self._hand_over(tokens, self._next_name())
        return LOGIN, {"type": "chatgptAuthTokens", **handed_over}

    def named(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return ``message`` when the tokens in it have got their names."""
        for member, name in NAMES_OF_ITS_OWN.items():
            if isinstance(message.get(member), str):
                secret = message[member]
                is_key = member == "apiKey"
                self._names.add(self._names.unused(name, secret) if is_key else name, secret)
        return message

    @property
    def journal(self) -> tuple[Asked, ...]:
        """What it was asked so far."""
        with self._lock:
            return tuple(self._journal)

    def answer(self, request: Mapping[str, Any], reply: Reply) -> None:
        """Answer a request of Codex through ``reply``: now, later, or never."""
        if request.get("method") != REFRESH or self._host is None:
            self._write_down(request, "refused")
            message = "this host answers no such request"
            reply({"error": {"code": METHOD_NOT_FOUND, "message": message}})
            return
        declared = next(self._answers)
        if isinstance(declared, Never):
            self._write_down(request, "never")
            return
        delay = declared.seconds if isinstance(declared, Late) else 0
        answer = declared.answer if isinstance(declared, Late) else declared
        said, response = self._make(answer)
        self._write_down(request, f"{said} after {delay:g} s" if delay else said)
        if not delay:
            reply(response)
            return
        timer = threading.Timer(delay, reply, [response])
        timer.daemon = True
        with self._lock:
            if not self._closed:
                timer.start()
                self._late.append(timer)

    def finish(self) -> None:
        """Wait until every late answer has been given."""
        for timer in self._timers():
            timer.join()

    def close(self) -> None:
        """Give up the answers that are still to come."""
        with self._lock:
            self._closed = True
        for timer in self._timers():
            timer.cancel()

    def _timers(self) -> tuple[threading.Timer, ...]:
        with self._lock:
            return tuple(self._late)

    def _make(self, answer: Any) -> tuple[str, Mapping[str, Any]]:
        """Return an answer in short, tokens by name, and as it is sent."""
        if isinstance(answer, RpcError):
            error = {"code": answer.code, "message": answer.message}
            return f"error {answer.code}", {"error": error}
        if isinstance(answer, HostTokens):
            name = self._next_name()
            return name, {"result": self._hand_over(answer, name, granted=True)}
        return "a result of its own", {"result": self.named(answer)}

    def _next_name(self) -> str:
        with self._lock:
            name = f"host-{self._handed_over}"
            self._handed_over += 1
        return name

    def _hand_over(
        self, tokens: HostTokens, name: str, *, granted: bool = False
    ) -> Mapping[str, Any]:
        """Return ``tokens`` as they are on the wire of this release."""
        access_token = tokens.raw_access_token(name, datetime.now(UTC))
        self._names.add(name, access_token, granted=granted)
        if self._release < NEW_WIRE:
            id_token = tokens.raw_id_token(name)
            self._names.add(f"id-of-{name}", id_token, granted=granted)
            return {"accessToken": access_token, "idToken": id_token}
        plan = {} if tokens.plan_type is None else {"chatgptPlanType": tokens.plan_type}
        return {"accessToken": access_token, "chatgptAccountId": tokens.account_id, **plan}

    def _write_down(self, request: Mapping[str, Any], answer: str) -> None:
        params = request.get("params") or {}
        asked = Asked(
            reason=params.get("reason"),
            previous_account_id=params.get("previousAccountId"),
            answer=answer,
        )
        with self._lock:
            self._journal.append(asked)


def _queue(host: Host) -> Any:
    """Return the answers in order; a list is used up and then healthy, one answer never ends."""
    if isinstance(host.refreshes, tuple):
        return chain(host.refreshes, repeat(HostTokens()))
    return repeat(host.refreshes)
