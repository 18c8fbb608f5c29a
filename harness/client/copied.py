"""A copy of somebody's ``auth.json``: the state that it is, and what must not be told of it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from harness.declare.answers import Backend, Grant, refuse, unauthorized, until_refreshed
from harness.declare.auth import AUTH_FILE, NoAuth, RawAuth
from harness.declare.scenario import Scenario
from harness.declare.tokens import IdTokenClaims, TokenError, decode_jwt, parse_id_token
from harness.errors import PlainError
from harness.seen.names import Names

CONFIG_FILE: Final = "config.toml"

OF_AUTH: Final = (
    "cli_auth_credentials_store",
    "forced_chatgpt_workspace_id",
    "forced_login_method",
)
"""The keys of ``config.toml`` that decide about a sign-in, and lead to no other backend."""

KNOWN: Final = ("auth_mode", "last_refresh")
"""What stands in the file that is nobody's secret."""

WORD: Final = re.compile(r"[^\s\"'{}\[\],:]{6,}")
"""What may be a secret in a file that is no JSON."""


class CheckError(PlainError):
    """A file that cannot be checked; the message says why."""


@frozen
class Copied:
    """What was copied of the user's.

    Args:
        auth: the bytes of ``auth.json``; ``None``: there is none.
        config: what is taken from ``config.toml``, or all of it where that is no TOML.
    """

    auth: bytes | None
    config: Mapping[str, Any] | str

    @classmethod
    def of(cls, path: Path) -> Copied:
        """Copy an ``auth.json``, or a codex home.

        Raises:
            CheckError: it cannot be read.
        """
        try:
            if not path.is_dir():
                return cls(path.read_bytes(), {})
            auth, config = path / AUTH_FILE, path / CONFIG_FILE
            text = config.read_text(encoding="utf-8") if config.is_file() else ""
            return cls(auth.read_bytes() if auth.is_file() else None, _of_auth(text))
        except (OSError, UnicodeDecodeError) as error:
            message = f"{path} cannot be read: {error}"
            raise CheckError(message) from error

    @property
    def scenario(self) -> Scenario:
        """The state that this is."""
        tokens = self._tokens
        account = tokens.get("account_id") or self._claims.chatgpt_account_id
        spent = "refresh_token" in tokens and not tokens["refresh_token"]
        backend = Backend(
            token=refuse(400, "invalid_request") if spent else Grant(claims=self._claims),
            responses=until_refreshed(unauthorized()) if self._is_unknown else (),
            workspaces=[account] if isinstance(account, str) else [],
        )
        auth = NoAuth() if self.auth is None else RawAuth(self.auth)
        return Scenario(auth=auth, config=self.config, backend=backend)

    def secrets(self) -> Names:
        """Return all that must not be told, by where it stands in the file."""
        names = Names()
        leaves = {place: text for place, text in _leaves(self._contents) if place not in KNOWN}
        text = (self.auth or b"").decode(errors="replace")
        for place, secret in leaves.items() or ((AUTH_FILE, word) for word in WORD.findall(text)):
            names.add(f"<{place}>", secret)
        return names

    @property
    def _contents(self) -> Any:
        try:
            return json.loads(self.auth or b"")
        except ValueError:
            return None

    @property
    def _tokens(self) -> Mapping[str, Any]:
        contents = self._contents
        tokens = contents.get("tokens") if isinstance(contents, dict) else None
        return tokens if isinstance(tokens, dict) else {}

    @property
    def _claims(self) -> IdTokenClaims:
        try:
            return parse_id_token(str(self._tokens.get("id_token")))
        except TokenError:
            return IdTokenClaims()

    @property
    def _is_unknown(self) -> bool:
        """Whether the real OpenAI would refuse the access token, if there is one."""
        token = self._tokens.get("access_token")
        if not isinstance(token, str):
            return False
        try:
            expires = decode_jwt(token).get("exp")
        except TokenError:
            return True
        return isinstance(expires, (int, float)) and expires < datetime.now(UTC).timestamp()


def _of_auth(text: str) -> Mapping[str, Any] | str:
    """Return the keys that decide about a sign-in; the text itself where it is no TOML."""
    try:
        keys = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return text
    return {name: keys[name] for name in OF_AUTH if name in keys}


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in JSON with where it stands, ``tokens.id_token``."""
    if isinstance(value, str):
        yield place, value
    if isinstance(value, list):
        value = dict(enumerate(value))
    for name, member in value.items() if isinstance(value, dict) else ():
        yield from _leaves(member, f"{place}.{name}".lstrip("."))
