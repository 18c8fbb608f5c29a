"""The fake OpenAI, asked over HTTP as Codex asks it."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import base64
import json
import queue
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from attrs import frozen
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from harness import (
    AgentIdentity,
    Backend,
    Drop,
    Healthy,
    IdTokenClaims,
    Reply,
    Scenario,
    drop,
    grant,
    refuse,
    rotating,
    signed_in,
    slow,
    unauthorized,
    until_refreshed,
)
from harness.codex.binary import find_codex
from harness.declare.answers import ENDPOINTS
from harness.declare.tokens import decode_jwt, parse_id_token
from harness.seen.names import Names
from harness.suite.stages import STAGES, HarnessFault, Prepared, observe
from harness.world.backend import SSE_TURN, FakeOpenAI
from harness.world.network import SharedNetwork
from harness.world.tls import authority

CLAIMS = IdTokenClaims(email="someone@example.com", plan_type="plus")
REFRESH = {"grant_type": "refresh_token", "refresh_token": "refresh-token-of-the-home"}
NUDGE = "POST /backend-api/wham/accounts/send_add_credits_nudge_email"
DEADLINE = 20.0
HANG = 60.0
"""Seconds that no client here waits."""


@frozen
class Answered:
    """What a client got."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.text)


Serve = Callable[..., FakeOpenAI]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts a backend, which ends with the test."""
    with ExitStack() as stack:

        def start(
            workspaces: Sequence[str] = ("workspace-1",),
            tls: ssl.SSLContext | None = None,
            **answers: Any,
        ) -> FakeOpenAI:
            names = Names()
            for token in ("access", "refresh"):
                names.add(f"{token}-0", f"{token}-token-of-the-home")
            fake = FakeOpenAI(
                Backend(**answers),
                claims=CLAIMS,
                workspaces=workspaces,
                names=names,
                network=SharedNetwork(),
                tls=tls,
            )
            return stack.enter_context(fake)

        yield start


def connect(fake: FakeOpenAI) -> HTTPConnection:
    """Return a connection to ``fake``."""
    return HTTPConnection(urlsplit(fake.url).netloc, timeout=DEADLINE)


def ask(
    fake: FakeOpenAI, endpoint: str, body: object = None, *, bearer: str = "", **headers: str
) -> Answered:
    """Ask ``endpoint`` (``"METHOD /path"``, with the type of a grant behind it if there is one)."""
    method, path, *grant = endpoint.split(" ")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if grant:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = f"grant_type=urn:{grant[0]}".encode()
    if bearer:
        sent["Authorization"] = f"Bearer {bearer}"
    raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body)
    with closing(connect(fake)) as connection:
        connection.request(method, path, raw, sent)
        response = connection.getresponse()
        return Answered(response.status, response.read().decode(), dict(response.getheaders()))


def _decoded(text: str) -> bytes:
    """Return what URL-safe base64 without padding stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# The journal.


def test_journal_holds_every_request_in_order(serve: Serve) -> None:
    """Endpoints are written down as they are asked, served or not, without their query."""
    fake = serve()

    for endpoint in ("GET /v1/models?client=1", "POST /v1/responses", "DELETE /v1/models"):
        ask(fake, endpoint)

    assert ["GET /v1/models", "POST /v1/responses", "DELETE /v1/models"] == [
        request.endpoint for request in fake.journal
    ]


def test_journal_names_tokens(serve: Serve) -> None:
    """No token stands in the journal: neither a bearer nor one in a body."""
    fake = serve()

    ask(fake, "POST /oauth/token", REFRESH, bearer="access-token-of-the-home")

    (request,) = fake.journal
    assert ("access-0", {"grant_type": "refresh_token", "refresh_token": "refresh-0"}) == (
        request.bearer,
        request.body,
    )


def test_journal_names_granted_tokens(serve: Serve) -> None:
    """Tokens of the second grant are called by its number."""
    fake = serve()
    ask(fake, "POST /oauth/token", REFRESH)
    granted = ask(fake, "POST /oauth/token", REFRESH).json

    ask(fake, "POST /oauth/revoke", {"token": granted["refresh_token"], "id": granted["id_token"]})
    ask(fake, "GET /v1/models", bearer=granted["access_token"])

    revoke, models = fake.journal[2:]
    assert ({"token": "refresh-2", "id": "id-2"}, "access-2") == (revoke.body, models.bearer)


def test_journal_says_what_was_redeemed_and_revoked(serve: Serve) -> None:
    """By name, in order."""
    fake = serve()

    granted = ask(fake, "POST /oauth/token", REFRESH).json
    ask(fake, "POST /oauth/token", {**REFRESH, "refresh_token": granted["refresh_token"]})
    ask(fake, "POST /oauth/revoke", {"token": "refresh-token-of-the-home"})

    assert (("refresh-0", "refresh-1"), ("refresh-0",)) == (
        fake.journal.refreshed_with,
        fake.journal.revoked,
    )


def test_journal_counts_by_endpoint(serve: Serve) -> None:
    """Sorted, so that two runs print alike."""
    fake = serve()

    for endpoint in ("POST /v1/responses", "GET /v1/models", "POST /v1/responses"):
        ask(fake, endpoint)

    assert [*fake.journal.counts.items()] == [("GET /v1/models", 1), ("POST /v1/responses", 2)]


@pytest.mark.parametrize(
    ("headers", "bearer"),
    [
        ({}, None),
        ({"Authorization": "Bearer other"}, "other"),
        ({"Authorization": "Basic access-token-of-the-home"}, None),
    ],
    ids=["none", "unknown", "another scheme"],
)
def test_journal_tells_whether_there_was_a_bearer(
    serve: Serve, headers: dict[str, str], bearer: str | None
) -> None:
    """A request without a bearer has none; an unknown one stands for itself."""
    fake = serve()

    ask(fake, "GET /v1/models", **headers)

    assert bearer == fake.journal[0].bearer


def test_journal_holds_the_workspace(serve: Serve) -> None:
    """The header with the account id is kept; it is no secret."""
    fake = serve()

    ask(fake, "GET /v1/models", ChatGPT_Account_ID="workspace-7")
    ask(fake, "GET /v1/models")

    assert ["workspace-7", None] == [request.account_id for request in fake.journal]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"", ""),
        (b"a=1", "a=1"),
        (b"\xff", "\ufffd"),
        (b"x" * 3000, "x" * 2000 + "… (3000 characters)"),
        (json.dumps([{"a": "x" * 2001}]).encode(), [{"a": "x" * 2000 + "… (2001 characters)"}]),
    ],
    ids=["none", "no JSON", "no text", "long", "long text in JSON"],
)
def test_journal_keeps_any_body(serve: Serve, body: bytes, kept: object) -> None:
    """JSON is parsed; anything else is text; long texts are cut, and say so."""
    fake = serve()

    ask(fake, "POST /v1/responses", body)

    assert kept == fake.journal[0].body


def test_journal_is_a_stretch_that_stays_as_it_is(serve: Serve) -> None:
    """What is asked later is not in it."""
    fake = serve()
    ask(fake, "GET /v1/models")
    before = fake.journal

    ask(fake, "GET /v1/models")

    assert (1, 1, ["GET /v1/models"]) == (
        len(before),
        len(fake.journal[len(before) :]),
        [request.endpoint for request in before],
    )


# Answers.


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_endpoint_is_healthy_by_itself(serve: Serve, endpoint: str) -> None:
    """A backend of which nothing is said answers 200 everywhere."""
    fake = serve()

    assert (200, 200) == (ask(fake, endpoint).status, fake.journal[0].status)


def test_healthy_model_says_one_word(serve: Serve) -> None:
    """The turn is a stream of server-sent events."""
    answered = ask(serve(), "POST /v1/responses")

    assert (SSE_TURN, "text/event-stream") == (
        answered.text,
        answered.headers["Content-Type"].partition(";")[0],
    )


def test_healthy_routing_lists_the_workspaces(serve: Serve) -> None:
    """Those that the backend was given, in order."""
    answered = ask(serve(workspaces=("b", "a")), "GET /backend-api/wham/accounts/check")

    assert ["b", "a"] == [account["id"] for account in answered.json["accounts"]]


def test_healthy_usage_names_the_plan(serve: Serve) -> None:
    """It is the one in the id token."""
    assert "plus" == ask(serve(), "GET /backend-api/wham/usage").json["plan_type"]


def test_published_key_signs_the_tokens_of_agents(serve: Serve) -> None:
    """The JWKS names the key, and its numbers are those that check a token."""
    (key,) = ask(serve(), "GET /backend-api/wham/agent-identities/jwks").json["keys"]

    numbers = [int.from_bytes(_decoded(key[name]), "big") for name in ("e", "n")]
    signed, _, signature = AgentIdentity().token.rpartition(".")
    RSAPublicNumbers(*numbers).public_key().verify(
        _decoded(signature), signed.encode(), PKCS1v15(), SHA256()
    )
    assert {"kid": key["kid"], "alg": "RS256", "typ": "JWT"} == json.loads(
        _decoded(signed.partition(".")[0])
    )


def test_other_workspace_gets_an_access_token_of_its_own(serve: Serve) -> None:
    """For whoever is signed in; the other tokens stay as they are."""
    fake = serve()

    answer = ask(
        fake, "POST /backend-api/accounts/switch-workspace-token", {"workspace_id": "workspace-2"}
    ).json

    assert [*answer] == ["access_token"]
    claims = parse_id_token(answer["access_token"])
    assert ("workspace-2", "plus") == (claims.chatgpt_account_id, claims.plan_type)


def test_agent_is_named_by_what_it_asserts(serve: Serve) -> None:
    """Its signature changes from run to run."""
    said = {"agent_runtime_id": "agent-1", "task_id": "task-1", "signature": "x"}
    assertion = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    fake = serve()

    ask(fake, "POST /v1/responses", Authorization=f"AgentAssertion {assertion}")

    assert fake.journal[0].bearer == "agent-1 at task-1"


def test_bodies_are_those_of_the_endpoints_that_are_named(serve: Serve) -> None:
    """In order, for those alone that were asked."""
    fake = serve()
    for plan in ("usage_limit", "credits"):
        ask(fake, NUDGE, {"credit_type": plan})
    ask(fake, "POST /v1/responses", {"input": []})

    assert {NUDGE: ({"credit_type": "usage_limit"}, {"credit_type": "credits"})} == (
        fake.journal.bodies([NUDGE, "POST /oauth/token"])
    )


def test_backend_speaks_tls_beside(serve: Serve) -> None:
    """With a certificate that its own authority vouches for; nobody else does."""
    fake = serve(tls=authority().server)
    trusting = ssl.create_default_context(cadata=authority().pem)

    def ask_by_tls(context: ssl.SSLContext) -> Any:
        host = urlsplit(fake.tls_url).netloc
        with closing(HTTPSConnection(host, timeout=DEADLINE, context=context)) as connection:
            connection.request("GET", "/v1/models")
            return json.load(connection.getresponse())

    assert ask_by_tls(trusting) == {"models": []}
    with pytest.raises(ssl.SSLCertVerificationError):
        ask_by_tls(ssl.create_default_context())
    assert fake.journal.counts == {"GET /v1/models": 1}


def test_healthy_whoami_names_the_owner(serve: Serve) -> None:
    """It is whoever the claims are of."""
    owner = ask(serve(), "GET /v1/user-auth-credential/whoami").json

    assert ("someone@example.com", "plus") == (owner["email"], owner["chatgpt_plan_type"])


def test_healthy_token_endpoint_grants_everything(serve: Serve) -> None:
    """A new token of every kind; the id token repeats the claims of the home."""
    granted = ask(serve(), "POST /oauth/token", REFRESH).json

    assert (["access_token", "id_token", "refresh_token"], CLAIMS) == (
        sorted(granted),
        parse_id_token(granted["id_token"]),
    )


def test_granted_tokens_differ_from_backend_to_backend(serve: Serve) -> None:
    """A refresh token of one run is worth nothing in another."""
    first, second = (ask(serve(), "POST /oauth/token", REFRESH).json for _ in range(2))

    assert first["refresh_token"] != second["refresh_token"]


@pytest.mark.parametrize("member", ["access_token", "refresh_token", "id_token"])
def test_grant_leaves_a_member_out(serve: Serve, member: str) -> None:
    """Then Codex keeps the one that it has."""
    fake = serve(token=grant(**{member: False}))

    granted = ask(fake, "POST /oauth/token", REFRESH).json

    assert {"access_token", "refresh_token", "id_token"} - {member} == set(granted)


def test_grant_gives_other_claims(serve: Serve) -> None:
    """The new id token says what the scenario says."""
    claims = IdTokenClaims(email="other@example.com")
    fake = serve(token=grant(claims=claims))

    granted = ask(fake, "POST /oauth/token", REFRESH).json

    assert claims == parse_id_token(granted["id_token"])


def test_grant_decides_the_lifetime(serve: Serve) -> None:
    """The ``exp`` of the access token follows from it."""
    fake = serve(token=[grant(expires_in=360), grant(expires_in=3600)])

    short, long = (
        decode_jwt(ask(fake, "POST /oauth/token", REFRESH).json["access_token"])["exp"]
        for _ in range(2)
    )

    assert 3240 == pytest.approx(long - short, abs=DEADLINE)


@pytest.mark.parametrize(
    ("reply", "status", "text"),
    [
        (Reply(204), 204, ""),
        (Reply(503, body="later"), 503, "later"),
        (Reply(json=[]), 200, "[]"),
        (Reply(json={"a": None}), 200, '{"a": null}'),
    ],
    ids=["empty", "text", "no members", "json"],
)
def test_reply_is_sent_as_it_is(serve: Serve, reply: Reply, status: int, text: str) -> None:
    """Status and body are those of the scenario."""
    answered = ask(serve(models=reply), "GET /v1/models")

    assert (status, text) == (answered.status, answered.text)


def test_reply_has_headers(serve: Serve) -> None:
    """They stand beside the content type that follows from the body."""
    fake = serve(models=Reply(429, json={}, headers={"Retry-After": "7"}))

    headers = ask(fake, "GET /v1/models").headers

    assert ("7", "application/json") == (headers["Retry-After"], headers["Content-Type"])


def test_refusal_has_a_code(serve: Serve) -> None:
    """An OAuth error says why."""
    fake = serve(token=refuse(400, "invalid_grant", "no"))

    answered = ask(fake, "POST /oauth/token", REFRESH)

    assert (400, {"error": {"code": "invalid_grant", "message": "no"}}, 400) == (
        answered.status,
        answered.json,
        fake.journal[0].status,
    )


def test_drop_breaks_the_connection(serve: Serve) -> None:
    """There is no status line; the journal calls it 0; and the fake is not at fault."""
    fake = serve(models=drop())

    with pytest.raises(ConnectionResetError):
        ask(fake, "GET /v1/models")

    assert ([0], []) == ([request.status for request in fake.journal], fake.faults)


def test_sequence_is_used_up_then_healthy(serve: Serve) -> None:
    """One answer a request, on whichever connection."""
    fake = serve(models=[refuse(500), refuse(429)])

    assert [500, 429, 200, 200] == [ask(fake, "GET /v1/models").status for _ in range(4)]


def test_one_answer_holds_for_the_whole_run(serve: Serve) -> None:
    """It is not used up."""
    fake = serve(models=refuse(500))

    assert [500] * 3 == [ask(fake, "GET /v1/models").status for _ in range(3)]


def test_endpoints_answer_independently(serve: Serve) -> None:
    """A sequence of one is not used up by requests to another."""
    fake = serve(models=[refuse(500)], usage=[refuse(429)])

    assert [429, 500] == [
        ask(fake, endpoint).status for endpoint in ("GET /backend-api/wham/usage", "GET /v1/models")
    ]


@pytest.mark.parametrize(
    ("bearer", "status"),
    [("access-token-of-the-home", 401), ("", 401), ("access-1", 200)],
    ids=["of the home", "none", "granted"],
)
def test_token_is_refused_until_it_is_refreshed(serve: Serve, bearer: str, status: int) -> None:
    """Only a granted access token gets a healthy answer."""
    fake = serve(models=until_refreshed(unauthorized()))
    granted = ask(fake, "POST /oauth/token", REFRESH).json["access_token"]

    answered = ask(fake, "GET /v1/models", bearer=granted if bearer == "access-1" else bearer)

    assert status == answered.status


# Waiting.


class Waiting:
    """What slow answers wait for: it tells when one does, and for how long."""

    def __init__(self, fake: FakeOpenAI) -> None:
        """Know of none."""
        self._fake = fake
        self._wait, fake._wait = fake._wait, self.wait  # type: ignore[method-assign]
        self.started: queue.Queue[float] = queue.Queue()
        self.given_up: queue.Queue[bool] = queue.Queue()

    async def wait(self, seconds: float) -> None:
        """Tell, wait, and tell whether that was cut short."""
        self.started.put(seconds)
        await self._wait(seconds)
        self.given_up.put(self._fake._closing.is_set())


@pytest.mark.parametrize(
    "answer",
    [slow(HANG), Healthy(after=HANG), Reply(503, after=HANG), Drop(after=HANG), grant(after=HANG)],
    ids=["slow", "healthy", "reply", "drop", "grant"],
)
def test_slow_answer_is_given_up_at_the_end(serve: Serve, answer: Any) -> None:
    """It waits as long as it is told to, written down already, but no longer than the run."""
    fake = serve(token=answer)
    waiting = Waiting(fake)

    with closing(connect(fake)) as connection:
        connection.request("POST", "/oauth/token", "{}")
        waited, asked = waiting.started.get(timeout=DEADLINE), len(fake.journal)
        fake.__exit__()

    assert (HANG, 1, True) == (waited, asked, waiting.given_up.get(timeout=DEADLINE))


def test_slow_answer_holds_up_no_other(serve: Serve) -> None:
    """While one request waits, the next is answered."""
    fake = serve(token=slow(HANG))
    waiting = Waiting(fake)

    with closing(connect(fake)) as connection:
        connection.request("POST", "/oauth/token", "{}")
        waiting.started.get(timeout=DEADLINE)

        assert 200 == ask(fake, "GET /v1/models").status


def test_prompt_answer_waits_for_nothing(serve: Serve) -> None:
    """Healthy means at once."""
    fake = serve()
    waiting = Waiting(fake)

    ask(fake, "GET /v1/models")

    assert 0 == waiting.started.get(timeout=DEADLINE)


def test_body_may_be_as_large_as_it_likes(serve: Serve) -> None:
    """A client may send pictures; the journal has the beginning."""
    fake = serve()
    large = "x" * 3_000_000

    assert 200 == ask(fake, "POST /v1/responses", {"input": large}).status
    assert [f"{large[:2000]}… (3000000 characters)"] == [one.body["input"] for one in fake.journal]


# What is not served.


def test_unknown_path_is_404_and_in_the_journal(serve: Serve) -> None:
    """A request that nobody expected is seen."""
    fake = serve()

    assert (404, {"GET /v2/models": 1}) == (
        ask(fake, "GET /v2/models").status,
        fake.journal.counts,
    )


def test_method_belongs_to_the_endpoint(serve: Serve) -> None:
    """A known path asked with another method is unknown."""
    assert 404 == ask(serve(), "GET /oauth/token").status


def test_tunnel_to_another_host_is_refused(serve: Serve) -> None:
    """The proxy serves nobody; the attempt stands in the journal as what it is."""
    fake = serve()

    with closing(connect(fake)) as connection:
        connection.set_tunnel("chatgpt.com", 443)
        with pytest.raises(OSError, match="502"):
            connection.connect()

    assert [("CONNECT chatgpt.com:443", 502)] == [
        (request.endpoint, request.status) for request in fake.journal
    ]


def test_request_for_another_host_is_refused(serve: Serve) -> None:
    """Over plain HTTP too, even for a path that is served here."""
    fake = serve()

    answered = ask(fake, "GET http://api.example.com/v1/models?a=1")

    assert (502, ["GET http://api.example.com/v1/models"]) == (
        answered.status,
        [request.endpoint for request in fake.journal],
    )


# Faults of the fake itself.


def fail(*_: object) -> None:
    """Be at fault."""
    message = "the fake is broken"
    raise RuntimeError(message)


def test_fault_is_kept(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in the fake is an answer of 500, and told from one of a scenario."""
    monkeypatch.setattr(FakeOpenAI, "_healthy", fail)
    fake = serve(usage=refuse(500))

    statuses = [
        ask(fake, endpoint).status for endpoint in ("GET /backend-api/wham/usage", "GET /v1/models")
    ]

    assert ([500, 500], ["RuntimeError: the fake is broken"]) == (
        statuses,
        [fault.splitlines()[-1] for fault in fake.faults],
    )


def test_fault_is_no_verdict_about_codex(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stage in which the fake failed raises, whatever Codex did."""
    monkeypatch.setattr(FakeOpenAI, "_healthy", fail)
    (cli,) = [stage for stage in STAGES if stage.name == "cli"]

    with pytest.raises(HarnessFault, match="RuntimeError: the fake is broken"):
        observe(cli, Scenario(auth=signed_in()), find_codex(), Prepared(), root=tmp_path)


def test_refreshes_at_once_wait_for_each_other() -> None:
    """The first is answered when the second is asked for, and each of them once."""
    backend = Backend(token=rotating(at_once=2))
    network = SharedNetwork()
    with FakeOpenAI(backend, claims=None, workspaces=(), names=Names(), network=network) as fake:

        def refresh(_number: int) -> int:
            with closing(connect(fake)) as connection:
                connection.request("POST", "/oauth/token", json.dumps(REFRESH))
                return connection.getresponse().status

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(refresh, range(2))) == [200, 401]
