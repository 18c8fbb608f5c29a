"""What lies in a codex home as ``auth.json``: the fixtures, and writing them as Codex would.

The bytes are those of Codex itself (0.163.0): JSON with two spaces of indentation, no newline at
the end, the keys in the order of its struct, mode 0600. ``tests/test_auth_bytes.py`` lets the real
binary write the same values and compares.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal, TypedDict, Unpack, cast, get_args

import attrs
from attrs import field, frozen
from attrs.validators import in_

from harness.declare.checks import takes, takes_table
from harness.declare.signing import sign_jwt
from harness.declare.tokens import (
    SOMEONE,
    AccessToken,
    IdTokenClaims,
    TokenError,
    aware,
    encode_id_token,
    parse_id_token,
)

StoreMode = Literal["file", "keyring", "auto", "ephemeral"]
"""The values of Codex's ``cli_auth_credentials_store``."""

AUTH_FILE = "auth.json"
AUTH_FILE_MODE: Final = 0o600


class AuthWriteError(ValueError):
    """A fixture that could not be written; the message names the step that failed."""


class _NotGiven(Enum):
    NOT_GIVEN = "not given"


NOT_GIVEN: Final = _NotGiven.NOT_GIVEN
"""The default of ``last_refresh``: the moment at which the home is written."""


class _LeftOut(Enum):
    LEFT_OUT = "left out"

    def __repr__(self) -> str:
        """Show how it is written."""
        return self.name


LEFT_OUT: Final = _LeftOut.LEFT_OUT
"""Stands in ``edited`` for a member that the file has not."""


class ChatGptChanges(TypedDict, total=False):
    """What ``ChatGptAuth.but`` takes: the fixture's own fields and those of its claims."""

    access_token: str | AccessToken
    refresh_token: str
    account_id: str | None
    claims: IdTokenClaims
    last_refresh: datetime | None
    email: str | None
    plan_type: str | None
    chatgpt_user_id: str | None
    chatgpt_account_id: str | None


def _aware_if_given(owner: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    if value is not NOT_GIVEN:
        aware(owner, attribute, value)


@frozen
class ChatGptAuth:
    """A ChatGPT sign-in, immutable: ``ChatGptAuth("token").but(plan_type="pro")``.

    Args:
        access_token: opaque text, or an ``AccessToken`` that becomes a JWT.
        refresh_token: the token that a refresh redeems.
        account_id: ``tokens.account_id``, the workspace that Codex sends as ``ChatGPT-Account-ID``.
        claims: what the id token says.
        last_refresh: an aware ``datetime``; ``None``: none, for which Codex leaves the key out of
            the file; not given: the moment at which the home is written.
    """

    access_token: str | AccessToken = field(validator=takes(str, AccessToken))
    refresh_token: str = field(default="refresh-token", kw_only=True, validator=takes(str))
    account_id: str | None = field(default=None, kw_only=True, validator=takes(str, None))
    claims: IdTokenClaims = field(
        factory=IdTokenClaims, kw_only=True, validator=takes(IdTokenClaims)
    )
    last_refresh: datetime | Literal[_NotGiven.NOT_GIVEN] | None = field(
        default=NOT_GIVEN,
        kw_only=True,
        validator=[takes(datetime, None, _NotGiven), _aware_if_given],
    )

    def but(self, **changes: Unpack[ChatGptChanges]) -> ChatGptAuth:
        """Return this sign-in with some fields, or some claims of its id token, changed.

        Raises:
            TypeError: a name that is neither a field nor a claim, or a value of the wrong type.
        """
        given: dict[str, Any] = {**changes}
        names = {attribute.name for attribute in attrs.fields(IdTokenClaims)}
        claims = {name: given.pop(name) for name in names & given.keys()}
        changed = attrs.evolve(self, **given)
        return attrs.evolve(changed, claims=attrs.evolve(changed.claims, **claims))

    @staticmethod
    def changes() -> tuple[str, ...]:
        """Return the names that ``but`` takes."""
        return tuple(ChatGptChanges.__annotations__)

    def raw_access_token(self, now: datetime) -> str:
        """Return the access token as it stands in a home written at ``now``."""
        if isinstance(self.access_token, AccessToken):
            return self.access_token.encode(now)
        return self.access_token

    def contents(self, now: datetime) -> dict[str, object]:
        """Return ``auth.json`` as data.

        Raises:
            AuthWriteError: the id token does not parse, or ``last_refresh`` has no time zone.
        """
        id_token = encode_id_token(self.claims)
        try:
            parse_id_token(id_token)
        except TokenError as error:
            message = f"parse id token: {error}"
            raise AuthWriteError(message) from error
        contents: dict[str, object] = {
            "auth_mode": "chatgpt",
            "OPENAI_API_KEY": None,
            "tokens": {
                "id_token": id_token,
                "access_token": self.raw_access_token(now),
                "refresh_token": self.refresh_token,
                "account_id": self.account_id,
            },
        }
        last_refresh = now if self.last_refresh is NOT_GIVEN else self.last_refresh
        if last_refresh is not None:
            contents["last_refresh"] = format_instant(last_refresh)
        return contents

    def render(self, now: datetime) -> bytes:
        """Return the bytes of ``auth.json``; raises as ``contents`` does."""
        return render_auth_json(self.contents(now))


@frozen
class ApiKeyAuth:
    """A sign-in with an API key, as ``codex login --with-api-key`` stores it.

    Args:
        api_key: the key.
    """

    api_key: str = field(default="sk-scenario-api-key", validator=takes(str))

    def contents(self, now: datetime) -> dict[str, object]:  # noqa: ARG002 - as in ChatGptAuth
        """Return ``auth.json`` as data."""
        return {"auth_mode": "apikey", "OPENAI_API_KEY": self.api_key}

    def render(self, now: datetime) -> bytes:
        """Return the bytes of ``auth.json``."""
        return render_auth_json(self.contents(now))


@frozen
class EditedAuth:
    """A sign-in in an ``auth.json`` that somebody else than Codex wrote: a tool, a person, a CI.

    Args:
        auth: the sign-in, for which Codex takes the file unless the scenario says otherwise.
        changes: members that stand in the file otherwise; ``LEFT_OUT`` for one that is not there.
            A mapping changes members of the one that is there.
    """

    auth: ChatGptAuth | ApiKeyAuth = field(validator=takes(ChatGptAuth, ApiKeyAuth))
    changes: Mapping[str, object] = field(validator=takes_table(object))

    def render(self, now: datetime) -> bytes:
        """Return the bytes of ``auth.json``."""
        return render_auth_json(_edited(self.auth.contents(now), self.changes))


def edited(auth: ChatGptAuth | ApiKeyAuth, /, **changes: object) -> EditedAuth:
    """Return ``auth`` as others write it: ``edited(SIGNED_IN, tokens={"id_token": LEFT_OUT})``."""
    return EditedAuth(auth, changes)


def _edited(contents: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    result = dict(contents)
    for name, value in changes.items():
        old = result.get(name)
        if value is LEFT_OUT:
            result.pop(name, None)
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            result[name] = _edited(old, value)
        else:
            result[name] = value
    return result


@frozen
class PersonalAccessToken:
    """A sign-in with a personal access token, as ``codex login --with-access-token`` stores it.

    Args:
        token: the token, which starts with ``at-``.
        claims: whose it is, as the backend says when Codex asks it (``whoami``).
    """

    token: str = field(default="at-scenario-personal-access-token", validator=takes(str))
    claims: IdTokenClaims = field(default=SOMEONE, kw_only=True, validator=takes(IdTokenClaims))

    @property
    def account_id(self) -> str | None:
        """The workspace, which Codex sends as ``ChatGPT-Account-ID``."""
        return self.claims.chatgpt_account_id

    def render(self, now: datetime) -> bytes:  # noqa: ARG002 - one signature for every fixture
        """Return the bytes of ``auth.json``, which names no ``auth_mode``."""
        return render_auth_json({"OPENAI_API_KEY": None, "personal_access_token": self.token})


AGENT: Final = "agent-1"
"""What the service of agents calls the only one."""

AGENT_KEY: Final = base64.b64encode(
    bytes.fromhex("302e020100300506032b657004220420") + b"the key of an agent, 32 bytes..."
).decode()
"""The private key with which it proves who it is: Ed25519, PKCS #8."""


@frozen
class AgentIdentity:
    """A sign-in as an agent, as ``codex login --with-access-token`` stores it: a signed JWT.

    Args:
        claims: on whose behalf it acts.
    """

    claims: IdTokenClaims = field(default=SOMEONE, kw_only=True, validator=takes(IdTokenClaims))

    @property
    def account_id(self) -> str | None:
        """The workspace, which Codex sends as ``ChatGPT-Account-ID``."""
        return self.claims.chatgpt_account_id

    @property
    def token(self) -> str:
        """The JWT, as good from 2023 to 2096."""
        return sign_jwt(
            {
                "iss": "https://chatgpt.com/codex-backend/agent-identity",
                "aud": "codex-app-server",
                "iat": 1_700_000_000,
                "exp": 4_000_000_000,
                "agent_runtime_id": AGENT,
                "agent_private_key": AGENT_KEY,
                "account_id": self.claims.chatgpt_account_id,
                "chatgpt_user_id": self.claims.chatgpt_user_id,
                "email": self.claims.email,
                "plan_type": self.claims.plan_type,
                "chatgpt_account_is_fedramp": False,
            }
        )

    def render(self, now: datetime) -> bytes:  # noqa: ARG002 - one signature for every fixture
        """Return the bytes of ``auth.json``."""
        return render_auth_json(
            {"auth_mode": "agentIdentity", "OPENAI_API_KEY": None, "agent_identity": self.token}
        )


Secret = str | PersonalAccessToken | AgentIdentity
"""What Codex can be told in its environment, or on its standard input."""

Variable = Secret | _LeftOut
"""The value of an environment variable, or that there is none."""


def text_of(secret: Secret) -> str:
    """Return ``secret`` as Codex is told it."""
    return secret if isinstance(secret, str) else secret.token


def _as_bytes(value: object) -> object:
    if isinstance(value, str):
        return value.encode()
    return render_auth_json(value) if isinstance(value, Mapping) else value


@frozen
class RawAuth:
    """An ``auth.json`` of exactly these bytes, for files that no Codex wrote.

    Args:
        data: the bytes; text is encoded as UTF-8, a mapping is written as JSON in Codex's layout,
            unchecked.
    """

    data: bytes = field(converter=_as_bytes, validator=takes(bytes))

    def render(self, now: datetime) -> bytes:  # noqa: ARG002 - one signature for every fixture
        """Return the bytes of ``auth.json``."""
        return self.data


@frozen
class NoAuth:
    """No ``auth.json`` at all."""

    def render(self, now: datetime) -> None:
        """Return ``None``: there is nothing to write."""


Auth = (
    ChatGptAuth | ApiKeyAuth | PersonalAccessToken | AgentIdentity | EditedAuth | RawAuth | NoAuth
)

FIXTURES: Final = get_args(Auth)


@frozen
class Unreadable:
    """What Codex takes an ``auth.json`` for that it cannot use: it is signed out, and says why.

    Args:
        fault: what is wrong, in Codex's words; ``{modes}`` stands for the values of ``auth_mode``
            that the release knows.
        of: what is at fault: the ``"data"`` in the file, its ``"syntax"`` where it is no JSON, or
            something ``"other"``, such as its encoding, or what the sign-in lacks.
    """

    fault: str = field(validator=takes(str))
    of: str = field(default="data", kw_only=True, validator=in_(("data", "syntax", "other")))


@frozen
class NoTokens:
    """What Codex takes an ``auth.json`` for that is a sign-in with ChatGPT, but for its tokens."""


@frozen
class RefusedToken:
    """What Codex takes a token for that it may not use: it is signed out.

    Args:
        fault: what is wrong, in Codex's words.
        in_environment: whether the token stands in ``CODEX_ACCESS_TOKEN``, and not in the file.
        asks: the endpoints that each attempt asks, and how often; by default whose a personal
            access token is.
    """

    fault: str = field(validator=takes(str))
    in_environment: bool = field(default=False, kw_only=True, validator=takes(bool))
    asks: Mapping[str, int] = field(
        factory=lambda: {"GET /v1/user-auth-credential/whoami": 1},
        kw_only=True,
        validator=takes_table(int),
    )


Reading = Auth | Unreadable | NoTokens | RefusedToken
"""What Codex can take a home for."""

READINGS: Final = get_args(Reading)

SIGNED_IN: Final = ChatGptAuth(
    AccessToken(expires_in=timedelta(days=10)),
    refresh_token="refresh-token-of-the-home",  # noqa: S106 - a fixture
    account_id="workspace-1",
    claims=SOMEONE,
)
"""A healthy ChatGPT sign-in: every token, an account id and a user id."""


def signed_in(**changes: Unpack[ChatGptChanges]) -> ChatGptAuth:
    """Return the healthy ChatGPT sign-in with ``changes``, as ``ChatGptAuth.but`` takes them."""
    return SIGNED_IN.but(**changes)


def write_auth(
    codex_home: Path, auth: Auth, store: StoreMode = "file", *, now: datetime | None = None
) -> Path | None:
    """Write ``auth`` into ``codex_home`` the way Codex stores it.

    Args:
        codex_home: the home, which is created when missing.
        auth: the fixture.
        store: Codex's ``cli_auth_credentials_store``; only ``"file"`` can be written.
        now: the moment (aware) that ``expires_in`` and a missing ``last_refresh`` refer to.

    Returns:
        The path of ``auth.json``, or ``None`` where the fixture is no file at all.

    Raises:
        AuthWriteError: "choose credentials store", "parse id token", "format last_refresh",
            "encode auth.json" or "write auth.json" failed, as the message says first.
    """
    if store != "file":
        message = (
            f"choose credentials store: {store!r} cannot be written yet; "
            "use cli_auth_credentials_store = 'file'"
        )
        raise AuthWriteError(message)
    return store_auth(codex_home, encode_auth(auth, now or datetime.now(UTC)))


def encode_auth(auth: Auth, now: datetime) -> bytes | None:
    """Return the bytes of ``auth.json`` at ``now`` (aware); ``None``: the fixture is no file.

    Raises:
        AuthWriteError: "parse id token", "format last_refresh" or "encode auth.json" failed.
    """
    try:
        return auth.render(now)
    except UnicodeEncodeError as error:
        message = f"encode auth.json: {error}"
        raise AuthWriteError(message) from error


def store_auth(codex_home: Path, data: bytes | None) -> Path | None:
    """Write what ``encode_auth`` returned into ``codex_home``; return as ``write_auth`` does.

    Raises:
        AuthWriteError: "write auth.json" failed.
    """
    if data is None:
        return None
    path = codex_home / AUTH_FILE
    try:
        codex_home.mkdir(parents=True, exist_ok=True)
        path.touch(AUTH_FILE_MODE)
        os.chmod(path, AUTH_FILE_MODE)
        path.write_bytes(data)
    except OSError as error:
        message = f"write auth.json: {error}"
        raise AuthWriteError(message) from error
    return path


def render_auth_json(contents: Mapping[str, object]) -> bytes:
    """Return ``contents`` in the layout of Codex's own file: two spaces, no newline at the end."""
    return json.dumps(contents, indent=2, ensure_ascii=False).encode()


def format_instant(instant: datetime) -> str:
    """Return ``instant`` (aware) in UTC as Codex writes it: RFC 3339 with a trailing ``Z``.

    Fractions of a second are written as chrono does: none, or three, six or nine digits.
    """
    if instant.tzinfo is None:
        message = "format last_refresh: the time needs a time zone, for example tzinfo=UTC"
        raise AuthWriteError(message)
    utc = instant.astimezone(UTC)
    if not utc.microsecond:
        spec = "seconds"
    else:
        spec = "microseconds" if utc.microsecond % 1000 else "milliseconds"
    return utc.replace(tzinfo=None).isoformat(timespec=cast("Literal['seconds']", spec)) + "Z"
