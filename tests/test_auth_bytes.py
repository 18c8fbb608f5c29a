"""The harness writes what Codex writes: the real binary stores the same values, bytes are compared.

Codex gets a home, an environment and a backend of its own (``World``), all of them in ``tmp_path``
and on 127.0.0.1; nothing of the user's is read or written.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.codex.app_server import AppServer
from harness.codex.binary import Codex, find_codex
from harness.declare.answers import Backend, Reply
from harness.declare.auth import (
    ApiKeyAuth,
    Auth,
    ChatGptAuth,
    PersonalAccessToken,
    signed_in,
    write_auth,
)
from harness.declare.scenario import Scenario
from harness.declare.tokens import AccessToken, IdTokenClaims, encode_id_token
from harness.loop import on_loop
from harness.world.serving import Answered, Asked, Listener
from harness.world.world import Place, World

DEADLINE = 30.0

ACCESS_TOKEN = AccessToken(expires_in=timedelta(days=10), name="granted").encode(datetime.now(UTC))

WITHOUT_ACCOUNT = ChatGptAuth(
    ACCESS_TOKEN,
    refresh_token="granted-refresh-token",
    claims=IdTokenClaims(email="jürgen@example.com", plan_type="plus", chatgpt_user_id="user-1"),
)


def granted(auth: ChatGptAuth) -> Mapping[str, Any]:
    """Return what a token endpoint answers to grant the tokens of ``auth``."""
    return {
        "id_token": encode_id_token(auth.claims),
        "access_token": auth.raw_access_token(datetime.now(UTC)),
        "refresh_token": auth.refresh_token,
    }


@pytest.fixture(scope="module")
def codex() -> Codex:
    """Return the pinned Codex."""
    return find_codex()


@pytest.fixture
def issuer() -> Iterator[str]:
    """Yield the URL of an issuer that grants a device login at once."""
    answers = {
        "/api/accounts/deviceauth/usercode": {
            "device_auth_id": "device-1",
            "user_code": "CODE-1",
            "interval": "0",
        },
        "/api/accounts/deviceauth/token": {
            "authorization_code": "code-1",
            "code_challenge": "challenge-1",
            "code_verifier": "verifier-1",
        },
        "/oauth/token": granted(WITHOUT_ACCOUNT),
    }

    async def serve(asked: Asked) -> Answered:
        return Answered.as_json(answers[asked.target])

    listener = Listener(serve)
    on_loop(listener.open())
    yield f"http://127.0.0.1:{listener.port}"
    on_loop(listener.close())


def log_in(world: World, *words: str, typed: str = "") -> None:
    """Run ``codex login`` to its end."""
    subprocess.run(
        [world.codex.path, "login", *words],
        env=world.environment,
        cwd=world.path / "work",
        input=typed.encode(),
        capture_output=True,
        timeout=DEADLINE,
        check=True,
    )


def refresh(world: World) -> None:
    """Ask ``codex app-server`` for the account, which refreshes an expired token, and end it."""
    with AppServer(
        [world.codex.path, "app-server"],
        env=world.environment,
        cwd=world.path / "work",
        stderr=world.path / "stderr",
    ) as server:
        server.initialize()
        server.request("account/read", {"refreshToken": False})
        server.close()


def written_by_the_harness(home: Path, auth: Auth) -> tuple[bytes, str]:
    """Return the bytes and the mode of ``auth.json`` as ``write_auth`` writes it."""
    write_auth(home, auth)
    return stored(home)


def stored(home: Path) -> tuple[bytes, str]:
    """Return the bytes and the mode of ``auth.json``."""
    path = home / "auth.json"
    return path.read_bytes(), f"{path.stat().st_mode & 0o777:04o}"


def last_refresh(contents: bytes) -> datetime:
    """Return when Codex stored ``contents``, in microseconds."""
    return datetime.fromisoformat(json.loads(contents)["last_refresh"])


def in_microseconds(contents: bytes) -> bytes:
    """Cut what a ``datetime`` cannot hold from ``last_refresh``: Codex writes nanoseconds.

    What is left stands as chrono would write it: zeros at the end go three at a time.
    """
    cut = re.sub(rb'(\.\d{6})\d{3}Z"', rb'\1Z"', contents)
    return re.sub(rb'(\.000|)000Z"', b'Z"', cut)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("sk-key", id="plain"),
        pytest.param('sk-"\\/\b\f\n\r\t\x01\x1f\x7fé€\u2028😀', id="odd-letters"),
    ],
)
def test_api_keys_are_written_as_codex_does(codex: Codex, tmp_path: Path, key: str) -> None:
    """``codex login --with-api-key`` stores the bytes and the mode of an ``ApiKeyAuth``."""
    with World(Scenario(), codex, root=tmp_path) as world:
        log_in(world, "--with-api-key", typed=key)
        actual = stored(world.home)

    assert written_by_the_harness(tmp_path / "ours", ApiKeyAuth(key)) == actual


def test_personal_access_tokens_are_written_as_codex_does(codex: Codex, tmp_path: Path) -> None:
    """``codex login --with-access-token`` stores what a ``PersonalAccessToken`` is."""
    with World(Scenario(), codex, root=tmp_path) as world:
        log_in(world, "--with-access-token", typed="at-token")
        actual = stored(world.home)

    assert written_by_the_harness(tmp_path / "ours", PersonalAccessToken("at-token")) == actual


def test_refreshed_tokens_are_written_as_codex_does(codex: Codex, tmp_path: Path) -> None:
    """A refresh stores the bytes and the mode of a ``ChatGptAuth`` with the granted tokens."""
    expired = signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1)))
    after = expired.but(
        access_token=ACCESS_TOKEN, refresh_token="granted-refresh-token", email="new@example.com"
    )
    backend = Backend(token=Reply(json=granted(after)))
    with World(Scenario(auth=expired, backend=backend), codex, root=tmp_path) as world:
        refresh(world)
        contents, mode = stored(world.home)
    expected = after.but(last_refresh=last_refresh(contents))

    assert written_by_the_harness(tmp_path / "ours", expected) == (in_microseconds(contents), mode)


def test_a_sign_in_without_an_account_is_written_as_codex_does(
    codex: Codex, tmp_path: Path, issuer: str
) -> None:
    """A device login stores a ``ChatGptAuth`` without an account id, which is ``null``."""
    # In the network of the machine, where the issuer is.
    with World(Scenario(), codex, root=tmp_path, place=Place()) as world:
        log_in(world, "--device-auth", "--experimental_issuer", issuer)
        contents, mode = stored(world.home)
    expected = WITHOUT_ACCOUNT.but(last_refresh=last_refresh(contents))

    assert written_by_the_harness(tmp_path / "ours", expected) == (in_microseconds(contents), mode)
