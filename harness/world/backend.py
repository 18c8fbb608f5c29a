"""The fake OpenAI: token, revoke, ChatGPT-backend, models and responses endpoints on 127.0.0.1.

It is also the proxy that Codex is told to use. It serves nobody there: a request for another host
is refused with 502 and stands in the journal as what it is, an attempt to leave the machine.
So does what the network has seen of attempts beside the proxy.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ssl import SSLContext
from typing import Any, Final, Self
from urllib.parse import urlsplit

from attrs import evolve

from harness.declare.answers import (
    ENDPOINTS,
    HEALTHY,
    MODEL_SAYS,
    Answer,
    Backend,
    Drop,
    Grant,
    Healthy,
    Reply,
    Rotating,
    UntilRefreshed,
    refuse,
)
from harness.declare.auth import SIGNED_IN
from harness.declare.signing import published_keys
from harness.declare.tokens import AccessToken, IdTokenClaims, encode_jwt
from harness.loop import begin, event_loop
from harness.seen.journal import Journal, Request
from harness.seen.names import Names
from harness.world.network import Network
from harness.world.serving import Answered, Asked, Listener

ISSUER: Final = "/login"
"""Where the issuer of logins is, beside the endpoints of the running Codex."""

EXCHANGE: Final = f"POST {ISSUER}/oauth/token"
"""Where it exchanges a code for tokens, and an id token for an API key: told by the grant type."""

PATIENCE: Final = 5.0
"""Seconds to wait for a request that a step of a story is expected to make."""

USER_CODE: Final = "CODE-12345"

BODY_LIMIT: Final = 2_000
"""Characters of a body that is no JSON, and of any text in one that is, kept in the journal."""


class FakeOpenAI:
    """One backend for one run of Codex: ``with FakeOpenAI(backend, …) as fake: … fake.url``.

    Args:
        backend: how to answer.
        claims: the claims of the id token in the home, which a grant repeats; ``None``: there is
            none, and a grant is for somebody who is signed in well.
        owner: whose a personal access token is; ``None``: the same.
        workspaces: the account ids that routing discovery lists.
        names: where granted tokens get their names.
        network: the network that it is in.
        listener: a socket that listens on 127.0.0.1, and goes on listening when the backend has
            ended; by default one of its own, on a free port.
        tls: with what to serve at ``tls_url``, too; ``None``: not at all.
    """

    def __init__(  # noqa: PLR0913 - what a backend knows of its world
        self,
        backend: Backend,
        *,
        claims: IdTokenClaims | None,
        owner: IdTokenClaims | None = None,
        workspaces: Sequence[str],
        names: Names,
        network: Network,
        listener: socket.socket | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        """Take a free port, or two; nothing is served before ``with``."""
        self._backend = backend
        self._claims = claims
        self._owner = owner or claims or SIGNED_IN.claims
        self._workspaces = workspaces
        self._names = names
        self._network = network
        self._queues = {name: _queue(getattr(backend, name)) for name in ENDPOINTS.values()}
        self._granted = 0
        self._redeemed: set[str] = set()
        self._family_is_revoked = False
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._asked = threading.Condition(self._lock)
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._has_left = False
        self._started = time.monotonic()
        self._listeners = [Listener(self._serve, listener=listener)]
        if tls:
            self._listeners.append(Listener(self._serve, tls=tls))
        self.url = f"http://127.0.0.1:{self._listeners[0].port}"
        self.tls_url = f"https://127.0.0.1:{self._listeners[-1].port}"
        self.faults: list[str] = []

    def __enter__(self) -> Self:
        """Serve: whoever asks before the loop has come to it waits."""
        self._opened = begin(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving; answers that are still waiting are given up."""
        self._has_left = True
        begin(self._close())

    async def _open(self) -> None:
        for one, answer in self._network.services.items():
            event_loop().add_reader(one, self._look_up, answer)
        try:
            for listener in self._listeners:
                await listener.open()
        except Exception:  # noqa: BLE001 - nobody waits for this
            self.faults.append(traceback.format_exc())

    async def _close(self) -> None:
        # At once, since the network is lent to somebody else now.
        for one in self._network.services:
            event_loop().remove_reader(one)
        self._closing.set()
        await asyncio.wrap_future(self._opened)
        for listener in self._listeners:
            await listener.close()

    def _look_up(self, answer: Callable[[], None]) -> None:
        """Answer whoever asks for a name, and note it, unless the network is another's now."""
        if self._has_left:
            return
        answer()
        with self._asked:
            self._note_attempts()
            self._asked.notify_all()

    @property
    def journal(self) -> Journal:
        """What was asked so far."""
        with self._lock:
            self._note_attempts()
            return Journal(self._requests)

    def answer_with(self, backend: Backend, endpoints: Sequence[str]) -> None:
        """Answer at these endpoints (fields of ``Backend``) as ``backend`` says, from now on."""
        queues = {name: _queue(getattr(backend, name)) for name in endpoints if name in _FIELDS}
        with self._lock:
            self._queues |= queues
            if "workspaces" in endpoints:
                self._workspaces = tuple(backend.workspaces or ())

    def await_request(self, endpoint: str, *, times: int, since: int) -> None:
        """Wait until ``endpoint`` has been asked so often from a place in the journal on.

        A Codex that does not ask is not waited for longer than ``PATIENCE``.
        """
        with self._asked:
            self._asked.wait_for(lambda: self._is_asked(endpoint, times, since), PATIENCE)

    def _is_asked(self, endpoint: str, times: int, since: int = 0) -> bool:
        return len(Journal(self._requests[since:]).to(endpoint)) >= times

    async def _serve(self, asked: Asked) -> Answered | None:
        try:
            return await self._answer(asked)
        except Exception:  # noqa: BLE001 - any fault of the fake must be told from one of Codex
            self.faults.append(traceback.format_exc())
            return Answered(500, b"the fake backend failed")

    async def _answer(self, asked: Asked) -> Answered | None:
        endpoint = _endpoint(asked)
        bearer = self._bearer_name(asked)
        answer = self._next_answer(endpoint, bearer)
        at_once = 1
        if isinstance(answer, Rotating):
            at_once = answer.at_once
            answer = self._rotate(answer, asked.data)
        response = self._respond(asked, endpoint, answer)
        self._write_down(asked, endpoint, bearer, response)
        if at_once > 1:
            await self._meet(endpoint, at_once)
        await self._wait(answer.after)
        return response

    async def _meet(self, endpoint: str, times: int) -> None:
        """Wait until the endpoint has been asked so often, but no longer than ``PATIENCE``."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self._is_asked(endpoint, times):
                    await self._news.wait()

    async def _wait(self, seconds: float) -> None:
        """Wait so long, or until the end."""
        with suppress(TimeoutError):
            if seconds:
                await asyncio.wait_for(self._closing.wait(), seconds)

    def _next_answer(
        self, endpoint: str, bearer: str | None
    ) -> Healthy | Reply | Drop | Grant | Rotating:
        name = ENDPOINTS.get(endpoint)
        if name is None:
            return Reply(502 if _leaves_the_machine(endpoint) else 404, body="not served here")
        with self._lock:
            answer: Answer = next(self._queues[name])
        if isinstance(answer, UntilRefreshed):
            granted = bearer is not None and self._names.is_granted(bearer)
            return HEALTHY if granted else answer.answer
        return answer

    def _rotate(self, answer: Rotating, body: Any) -> Reply | Grant:
        """Return what a refresh token gets that is good for once."""
        spent = str(body.get("refresh_token")) if isinstance(body, dict) else ""
        with self._lock:
            reused = spent in self._redeemed
            self._redeemed.add(spent)
            self._family_is_revoked |= reused and answer.family
            revoked = self._family_is_revoked
        if reused or revoked:
            code = "refresh_token_reused" if reused else "refresh_token_invalidated"
            return evolve(refuse(401, code), after=answer.after)
        return Grant(after=answer.after if answer.at_once == 1 else 0)

    def _bearer_name(self, asked: Asked) -> str | None:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme == "AgentAssertion":
            return _asserted(token)
        return self._names.redact(token) if scheme == "Bearer" else None

    def _respond(
        self, asked: Asked, endpoint: str, answer: Healthy | Reply | Drop | Grant
    ) -> Answered | None:
        if isinstance(answer, Drop):
            return None
        if isinstance(answer, Reply):
            kind = "application/json" if answer.json is not None else "text/plain"
            headers = {**answer.headers, "Content-Type": kind}
            return Answered(answer.status, answer.text().encode(), headers)
        if isinstance(answer, Grant):
            return Answered.as_json(self._grant(answer))
        return self._healthy(asked, endpoint)

    def _healthy(self, asked: Asked, endpoint: str) -> Answered:
        answers: Mapping[str, Callable[[], Answered]] = {
            "POST /oauth/token": lambda: Answered.as_json(self._grant(Grant())),
            "POST /v1/responses": lambda: Answered(200, SSE_TURN.encode(), SSE),
            "GET /v1/models": lambda: Answered.as_json({"models": []}),
            "GET /backend-api/wham/accounts/check": lambda: Answered.as_json(self._accounts()),
            "GET /backend-api/wham/usage": lambda: Answered.as_json(self._usage()),
            f"{EXCHANGE} authorization_code": lambda: Answered.as_json(self._grant(Grant())),
            f"{EXCHANGE} token-exchange": lambda: Answered.as_json(self._api_key()),
            f"POST {ISSUER}/api/accounts/deviceauth/usercode": lambda: Answered.as_json(DEVICE),
            f"POST {ISSUER}/api/accounts/deviceauth/token": lambda: Answered.as_json(ENTERED),
            "GET /v1/user-auth-credential/whoami": lambda: Answered.as_json(self._whoami()),
            "GET /backend-api/wham/agent-identities/jwks": lambda: Answered.as_json(
                published_keys()
            ),
            "POST /backend-api/accounts/switch-workspace-token": lambda: Answered.as_json(
                self._in_workspace(asked.data)
            ),
            "POST /v1/agent/agent-1/task/register": lambda: Answered.as_json({"task_id": "task-1"}),
        }
        return answers.get(endpoint, lambda: Answered.as_json({}))()

    def _next_serial(self) -> int:
        with self._lock:
            self._granted += 1
            return self._granted

    def _in_workspace(self, asked: Any) -> Mapping[str, str]:
        """Return an access token, and no other, for the workspace that is asked for."""
        serial = self._next_serial()
        workspace = asked.get("workspace_id") if isinstance(asked, dict) else None
        claims = evolve(self._claims or SIGNED_IN.claims, chatgpt_account_id=workspace)
        until = datetime.now(UTC) + timedelta(days=10)
        token = encode_jwt(claims.payload() | {"exp": int(until.timestamp()), "jti": str(serial)})
        self._names.add(f"access-{serial}", token, granted=True)
        return {"access_token": token}

    def _grant(self, grant: Grant) -> Mapping[str, str]:
        serial = self._next_serial()
        now = datetime.now(UTC)
        access = AccessToken(
            expires_in=timedelta(seconds=grant.expires_in), name=f"access-{serial}"
        )
        claims = grant.claims or self._claims or SIGNED_IN.claims
        members = {
            "access_token": access.encode(now),
            "refresh_token": f"granted-refresh-token-{serial}-of-{id(self)}",
            "id_token": encode_jwt(claims.payload() | {"jti": f"id-{serial}"}),
        }
        given = {name: token for name, token in members.items() if getattr(grant, name)}
        for name, token in given.items():
            self._names.add(f"{name.removesuffix('_token')}-{serial}", token, granted=True)
        return given

    def _api_key(self) -> Mapping[str, str]:
        """Return the API key that goes with a login, ``exchanged-key``."""
        key = f"sk-exchanged-for-an-id-token-{id(self)}"
        self._names.add("exchanged-key", key)
        return {"access_token": key}

    def _accounts(self) -> Mapping[str, object]:
        return {
            "accounts": [
                {
                    "id": workspace,
                    "workspace_backend_origin": "https://chatgpt.com",
                    "account_routing_override": "NO_CONSTRAINT",
                }
                for workspace in self._workspaces
            ]
        }

    def _usage(self) -> Mapping[str, object]:
        window = {
            "used_percent": 10,
            "limit_window_seconds": 18_000,
            "reset_after_seconds": 100,
            "reset_at": 1_900_000_000,
        }
        limit = {
            "allowed": True,
            "limit_reached": False,
            "primary_window": window,
            "secondary_window": None,
        }
        plan = (self._claims and self._claims.plan_type) or "free"
        return {"plan_type": plan, "rate_limit": limit, "credits": None}

    def _whoami(self) -> Mapping[str, object]:
        owner = self._owner
        return {
            "email": owner.email,
            "chatgpt_user_id": owner.chatgpt_user_id,
            "chatgpt_account_id": owner.chatgpt_account_id,
            "chatgpt_plan_type": owner.plan_type,
            "chatgpt_account_is_fedramp": False,
        }

    def _write_down(
        self, asked: Asked, endpoint: str, bearer: str | None, response: Answered | None
    ) -> None:
        method, _, path = endpoint.partition(" ")
        elsewhere = [value for name, value in asked.headers.items() if name != "authorization"]
        text = "\n".join([asked.target, *elsewhere, _text(asked)])
        body, headers = self._names.redact_all([asked.data, asked.headers])
        entry = Request(
            method=method,
            path=path,
            bearer=bearer,
            account_id=asked.headers.get("chatgpt-account-id"),
            fedramp=asked.headers.get("x-openai-fedramp"),
            body=_shorten(body) if len(text) > BODY_LIMIT else body,
            status=0 if response is None else response.status,
            at=self._now(),
            headers=headers,
            query=self._names.redact(urlsplit(asked.target).query),
            holds=self._names.held(text.encode()),
        )
        with self._asked:
            self._note_attempts()
            self._requests.append(entry)
            self._asked.notify_all()
        self._news.set()
        self._news = asyncio.Event()

    def _note_attempts(self) -> None:
        """Write down who tried to leave the machine beside the proxy."""
        at = self._now()
        self._requests += [Request.attempt(one, at) for one in self._network.attempts()]

    def _now(self) -> float:
        return round(time.monotonic() - self._started, 3)


def _queue(answers: Any) -> Iterator[Any]:
    if isinstance(answers, tuple):
        yield from answers
        answers = HEALTHY
    while True:
        yield answers


def _endpoint(asked: Asked) -> str:
    """Return ``"METHOD /path"``, or ``"METHOD host…"`` for what was meant for another host."""
    if asked.method == "CONNECT":
        return f"CONNECT {asked.target}"
    url = urlsplit(asked.target)
    endpoint = f"{asked.method} {url._replace(query='', fragment='').geturl()}"
    if endpoint == EXCHANGE:
        return f"{endpoint} {asked.form.get('grant_type', 'none').rpartition(':')[2]}"
    return endpoint


def _asserted(token: str) -> str:
    """Return who an agent says that it is, and what at; its signature changes from run to run."""
    said = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return f"{said['agent_runtime_id']} at {said['task_id']}"


def _leaves_the_machine(endpoint: str) -> bool:
    return not endpoint.partition(" ")[2].startswith("/")


def _text(asked: Asked) -> str:
    """Return the body as it was sent, or as what a form says."""
    return "\n".join(asked.form.values()) if asked.is_form else asked.body.decode(errors="replace")


def _shorten(value: Any) -> Any:
    """Return a body for the journal, with long texts cut."""
    if isinstance(value, str) and len(value) > BODY_LIMIT:
        return f"{value[:BODY_LIMIT]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {key: _shorten(member) for key, member in value.items()}
    return [_shorten(member) for member in value] if isinstance(value, list) else value


def _sse(*events: Mapping[str, Any]) -> str:
    return "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)


_FIELDS: Final = frozenset(ENDPOINTS.values())

SSE: Final = {"Content-Type": "text/event-stream"}

DEVICE: Final = {"device_auth_id": "device-1", "user_code": USER_CODE, "interval": "0"}
"""What begins a login by device code; Codex asks for its end every ``interval`` seconds."""

ENTERED: Final = {
    "authorization_code": "code-of-the-device",
    "code_challenge": "challenge-of-the-device",
    "code_verifier": "verifier-of-the-device",
}
"""What Codex is told once a person has entered the code."""

SSE_TURN: Final = _sse(
    {"type": "response.created", "response": {"id": "response-1"}},
    {
        "type": "response.output_item.done",
        "item": {
            "type": "message",
            "role": "assistant",
            "id": "message-1",
            "content": [{"type": "output_text", "text": MODEL_SAYS}],
        },
    },
    {
        "type": "response.completed",
        "response": {
            "id": "response-1",
            "usage": {
                "input_tokens": 0,
                "input_tokens_details": None,
                "output_tokens": 0,
                "output_tokens_details": None,
                "total_tokens": 0,
            },
        },
    },
)
"""The server-sent events of a turn in which the model says one word."""
