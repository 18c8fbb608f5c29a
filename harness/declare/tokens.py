"""The tokens that a fixture puts into a codex home: id tokens and access tokens, as JWTs.

Nothing here is signed. Codex decodes the payload of a ChatGPT token and never verifies its
signature (seen in 0.163.0), so three non-empty parts are all that a token needs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from attrs import Attribute, field, frozen

from harness.declare.checks import takes

AUTH_CLAIM = "https://api.openai.com/auth"
"""The id-token claim that holds everything about the ChatGPT account."""

PARTS = 3
"""Header, payload and signature; Codex tolerates more (0.163.0)."""

PROFILE_CLAIM = "https://api.openai.com/profile"
"""The id-token claim that Codex asks for an e-mail address when there is none at the top."""


class TokenError(ValueError):
    """A token that Codex could not parse; the message says which step failed."""


@frozen(kw_only=True)
class IdTokenClaims:
    """The id-token claims that Codex reads; ``None`` leaves a claim out of the token.

    Args:
        email: the e-mail address.
        plan_type: the plan, ``"pro"``.
        chatgpt_user_id: the user.
        chatgpt_account_id: the workspace.
    """

    email: str | None = field(default=None, validator=takes(str, None))
    plan_type: str | None = field(default=None, validator=takes(str, None))
    chatgpt_user_id: str | None = field(default=None, validator=takes(str, None))
    chatgpt_account_id: str | None = field(default=None, validator=takes(str, None))

    def payload(self) -> dict[str, object]:
        """Return the JWT payload: only the claims that are set, the auth object if it has any."""
        top = {"email": self.email}
        auth = {
            "chatgpt_plan_type": self.plan_type,
            "chatgpt_user_id": self.chatgpt_user_id,
            "chatgpt_account_id": self.chatgpt_account_id,
        }
        return _present(top) | _present({AUTH_CLAIM: _present(auth) or None})


SOMEONE: Final = IdTokenClaims(
    email="someone@example.com",
    plan_type="pro",
    chatgpt_user_id="user-1",
    chatgpt_account_id="workspace-1",
)
"""Who is signed in where a scenario does not say."""


def encode_id_token(claims: IdTokenClaims) -> str:
    """Encode ``claims`` as an unsigned JWT (``alg: none``, URL-safe base64 without padding)."""
    return encode_jwt(claims.payload())


def encode_jwt(payload: Mapping[str, object]) -> str:
    """Encode any JSON ``payload`` as a JWT that Codex accepts, with a signature that is none."""
    return join_jwt({"alg": "none", "typ": "JWT"}, payload, lambda _: b"signature")


def join_jwt(
    header: Mapping[str, object], payload: Mapping[str, object], sign: Callable[[bytes], bytes]
) -> str:
    """Return the JWT of ``header`` and ``payload`` with the signature that ``sign`` gives them."""
    signed = f"{url_safe(_json(header))}.{url_safe(_json(payload))}"
    return f"{signed}.{url_safe(sign(signed.encode()))}"


def url_safe(data: bytes) -> str:
    """Return ``data`` as URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_jwt(token: str) -> dict[str, Any]:
    """Return the payload of ``token``, whose signature nobody looks at.

    Raises:
        TokenError: fewer than three non-empty parts, base64 that is padded or malformed, or a
            payload that is no JSON object.
    """
    parts = token.split(".")
    if len(parts) < PARTS or not all(parts[:PARTS]):
        message = "invalid ID token format: a JWT has three non-empty parts"
        raise TokenError(message)
    try:
        raw = _b64decode(parts[1])
    except (binascii.Error, ValueError) as error:
        message = f"the payload is not URL-safe base64 without padding: {error}"
        raise TokenError(message) from error
    try:
        payload = json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        message = f"the payload is not JSON: {error}"
        raise TokenError(message) from error
    if not isinstance(payload, dict):
        message = f"the payload is a JSON {type(payload).__name__}, not an object"
        raise TokenError(message)
    return payload


def parse_id_token(token: str) -> IdTokenClaims:
    """Return the claims that Codex would read from ``token``.

    Raises:
        TokenError: ``token`` is no JWT, or a claim that Codex reads has the wrong type.
    """
    payload = decode_jwt(token)
    auth = _object(payload, AUTH_CLAIM)
    profile = _object(payload, PROFILE_CLAIM)
    try:
        return IdTokenClaims(
            email=_first(payload.get("email"), profile.get("email")),
            plan_type=auth.get("chatgpt_plan_type"),
            chatgpt_user_id=_first(auth.get("chatgpt_user_id"), auth.get("user_id")),
            chatgpt_account_id=auth.get("chatgpt_account_id"),
        )
    except TypeError as error:
        message = f"a claim has the wrong type: {error.args[0]}"
        raise TokenError(message) from error


def aware(_instance: object, attribute: Attribute[Any], value: datetime | None) -> None:
    """Validate that a point in time carries its time zone."""
    if value is not None and value.tzinfo is None:
        message = f"'{attribute.name}' needs a time zone, for example datetime(..., tzinfo=UTC)"
        raise ValueError(message)


@frozen(kw_only=True)
class AccessToken:
    """An access token as the real ones are: a JWT whose ``exp`` tells Codex when a refresh is due.

    The time is given once; a token without one has no ``exp``.

    Args:
        expires_in: the time from the moment the home is written, negative for the past.
        expires_at: the time, aware.
        name: tells one token from another, and nothing else.
    """

    expires_in: timedelta | None = field(default=None, validator=takes(timedelta, None))
    expires_at: datetime | None = field(default=None, validator=[takes(datetime, None), aware])
    name: str = field(default="access-0", validator=takes(str))

    def __attrs_post_init__(self) -> None:
        """Refuse two times."""
        if self.expires_in is not None and self.expires_at is not None:
            message = "give 'expires_in' or 'expires_at', not both"
            raise ValueError(message)

    def expiry(self, now: datetime) -> datetime | None:
        """Return when the token expires (UTC), or ``None`` for one that says nothing of it."""
        if self.expires_in is not None:
            return now.astimezone(UTC) + self.expires_in
        return self.expires_at.astimezone(UTC) if self.expires_at else None

    def encode(
        self, now: datetime, *, name: str | None = None, claims: IdTokenClaims | None = None
    ) -> str:
        """Return the JWT as written at ``now`` (aware), by another ``name`` and with ``claims``."""
        expiry = self.expiry(now)
        payload = (claims or IdTokenClaims()).payload() | {"jti": name or self.name}
        if expiry is not None:
            payload["exp"] = int(expiry.timestamp())
        return encode_jwt(payload)


def _present(claims: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in claims.items() if value is not None}


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _b64decode(part: str) -> bytes:
    if set(part) & set("=+/"):
        message = "it is padded, or in the ordinary alphabet"
        raise ValueError(message)
    padded = part + "=" * (-len(part) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)


def _object(payload: Mapping[str, Any], claim: str) -> Mapping[str, Any]:
    value = payload.get(claim)
    if value is None:
        return {}
    if not isinstance(value, dict):
        message = f"the claim {claim} is a JSON {type(value).__name__}, not an object"
        raise TokenError(message)
    return value


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
