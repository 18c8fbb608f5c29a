"""The tokens of a fixture: what is written, what is read back, when an access token expires."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from harness.declare.tokens import (
    AUTH_CLAIM,
    PROFILE_CLAIM,
    AccessToken,
    IdTokenClaims,
    TokenError,
    encode_id_token,
    encode_jwt,
    parse_id_token,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
NOW_IN_SECONDS = 1_767_323_045
TOKYO = timezone(timedelta(hours=9))

EVERYTHING = IdTokenClaims(
    email="someone@example.com",
    plan_type="pro",
    chatgpt_user_id="user-1",
    chatgpt_account_id="workspace-1",
)


def b64(data: bytes) -> str:
    """Encode as Codex's fixtures do: URL-safe, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def raw_payload(token: str) -> bytes:
    """Return the bytes of the payload of ``token``."""
    part = token.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def payload_of(token: str) -> Any:
    """Return the payload of ``token``."""
    return json.loads(raw_payload(token))


def with_payload(payload: bytes) -> str:
    """Return a token with these bytes for a payload."""
    return f"header.{b64(payload)}.signature"


# What is written.


def test_an_id_token_has_three_parts() -> None:
    """An id token is header, payload and signature, joined by full stops."""
    expected = 3

    assert expected == len(encode_id_token(EVERYTHING).split("."))


def test_the_header_says_that_nothing_is_signed() -> None:
    """The header is that of the seed: ``alg`` is ``none``, ``typ`` is ``JWT``."""
    expected = b64(b'{"alg":"none","typ":"JWT"}')

    assert expected == encode_id_token(EVERYTHING).split(".")[0]


def test_the_signature_is_the_word() -> None:
    """The third part is the word "signature", encoded like the others."""
    expected = b64(b"signature")

    assert expected == encode_id_token(EVERYTHING).split(".")[2]


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param(IdTokenClaims(), {}, id="none"),
        pytest.param(IdTokenClaims(email="a@b"), {"email": "a@b"}, id="email"),
        pytest.param(
            IdTokenClaims(plan_type="pro"),
            {"https://api.openai.com/auth": {"chatgpt_plan_type": "pro"}},
            id="plan",
        ),
        pytest.param(
            IdTokenClaims(chatgpt_user_id="user-1"),
            {"https://api.openai.com/auth": {"chatgpt_user_id": "user-1"}},
            id="user",
        ),
        pytest.param(
            IdTokenClaims(chatgpt_account_id="workspace-1"),
            {"https://api.openai.com/auth": {"chatgpt_account_id": "workspace-1"}},
            id="account",
        ),
        pytest.param(
            EVERYTHING,
            {
                "email": "someone@example.com",
                "https://api.openai.com/auth": {
                    "chatgpt_plan_type": "pro",
                    "chatgpt_user_id": "user-1",
                    "chatgpt_account_id": "workspace-1",
                },
            },
            id="all",
        ),
        pytest.param(
            IdTokenClaims(email="", plan_type=""),
            {"email": "", "https://api.openai.com/auth": {"chatgpt_plan_type": ""}},
            id="empty-text-is-set",
        ),
    ],
)
def test_only_set_claims_are_written(claims: IdTokenClaims, expected: Mapping[str, Any]) -> None:
    """A claim that is not set is left out, and so is an auth object without members."""
    assert expected == payload_of(encode_id_token(claims))


def test_the_payload_is_compact_utf8() -> None:
    """The payload is JSON as serde writes it: no spaces, no escapes for letters."""
    expected = '{"email":"jürgen@example.com"}'.encode()

    assert expected == raw_payload(encode_id_token(IdTokenClaims(email="jürgen@example.com")))


def test_tokens_use_the_url_safe_alphabet() -> None:
    """What would be ``+`` and ``/`` in ordinary base64 is ``-`` and ``_``."""
    ordinary = base64.b64encode(b'{"email":"\xc3\xbf>>>???"}').decode().rstrip("=")
    expected = ordinary.replace("+", "-").replace("/", "_")

    assert expected == encode_id_token(IdTokenClaims(email="ÿ>>>???")).split(".")[1]


@pytest.mark.parametrize("email", ["a", "ab", "abc"])
def test_tokens_are_not_padded(email: str) -> None:
    """However long the payload is, no part ends with ``=``."""
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", encode_id_token(IdTokenClaims(email=email)))


def test_any_payload_can_be_encoded() -> None:
    """``encode_jwt`` takes claims that the fixtures know nothing of."""
    expected = {"anything": [1, None, {"deep": True}]}

    assert expected == payload_of(encode_jwt(expected))


def test_claims_are_immutable() -> None:
    """Claims cannot be changed once they are made."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        EVERYTHING.email = "other@example.com"  # type: ignore[misc]


@pytest.mark.parametrize("claim", [field.name for field in attrs.fields(IdTokenClaims)])
def test_claims_are_text(claim: str) -> None:
    """A claim of another type is refused by name."""
    with pytest.raises(TypeError, match=f"'{claim}' takes str or None, not 1"):
        IdTokenClaims(**{claim: 1})  # type: ignore[arg-type]


# What is read back.


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param(IdTokenClaims(), id="none"),
        pytest.param(IdTokenClaims(email="a@b"), id="email"),
        pytest.param(IdTokenClaims(plan_type="pro"), id="plan"),
        pytest.param(IdTokenClaims(chatgpt_user_id="user-1"), id="user"),
        pytest.param(IdTokenClaims(chatgpt_account_id="workspace-1"), id="account"),
        pytest.param(EVERYTHING, id="all"),
        pytest.param(IdTokenClaims(email="", plan_type=""), id="empty-text"),
        pytest.param(IdTokenClaims(email='"jürgen"\n>>>???😀'), id="odd-letters"),
    ],
)
def test_what_is_written_can_be_read(claims: IdTokenClaims) -> None:
    """Parsing an encoded id token gives back its claims."""
    assert claims == parse_id_token(encode_id_token(claims))


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(
            {PROFILE_CLAIM: {"email": "profile@example.com"}},
            IdTokenClaims(email="profile@example.com"),
            id="email-of-the-profile",
        ),
        pytest.param(
            {"email": None, PROFILE_CLAIM: {"email": "profile@example.com"}},
            IdTokenClaims(email="profile@example.com"),
            id="email-of-the-profile-for-null",
        ),
        pytest.param(
            {"email": "top@example.com", PROFILE_CLAIM: {"email": "profile@example.com"}},
            IdTokenClaims(email="top@example.com"),
            id="email-at-the-top-first",
        ),
        pytest.param(
            {AUTH_CLAIM: {"user_id": "user-2"}},
            IdTokenClaims(chatgpt_user_id="user-2"),
            id="user-id",
        ),
        pytest.param(
            {AUTH_CLAIM: {"chatgpt_user_id": "user-1", "user_id": "user-2"}},
            IdTokenClaims(chatgpt_user_id="user-1"),
            id="chatgpt-user-id-first",
        ),
        pytest.param({PROFILE_CLAIM: None, AUTH_CLAIM: None}, IdTokenClaims(), id="null-objects"),
        pytest.param(
            {"chatgpt_plan_type": "pro", "user_id": "user-2"},
            IdTokenClaims(),
            id="nothing-of-the-auth-object-at-the-top",
        ),
        pytest.param({"sub": 1, AUTH_CLAIM: {"groups": []}}, IdTokenClaims(), id="unknown-claims"),
    ],
)
def test_claims_are_read_where_codex_looks(
    payload: Mapping[str, object], expected: IdTokenClaims
) -> None:
    """Each claim is taken from its first place, else from its second; others are ignored."""
    assert expected == parse_id_token(encode_jwt(payload))


@pytest.mark.parametrize("rest", [".fourth", "..", ".=.*"], ids=["one", "empty", "no-base64"])
def test_more_than_three_parts_are_tolerated(rest: str) -> None:
    """Whatever follows the third part is ignored, as Codex does."""
    claims = IdTokenClaims(email="a@b")

    assert claims == parse_id_token(encode_id_token(claims) + rest)


@pytest.mark.parametrize(
    ("token", "step"),
    [
        pytest.param("", "three non-empty parts", id="empty"),
        pytest.param(f"header.{b64(b'{}')}", "three non-empty parts", id="two-parts"),
        pytest.param(f".{b64(b'{}')}.signature", "three non-empty parts", id="no-header"),
        pytest.param("header..signature", "three non-empty parts", id="no-payload"),
        pytest.param(f"header.{b64(b'{}')}.", "three non-empty parts", id="no-signature"),
        pytest.param(f"header.{b64(b'{}')}=.signature", "base64 .* padded", id="padded"),
        pytest.param("header.e*0.signature", "is not URL-safe base64", id="no-base64"),
        pytest.param("header.e****30.signature", "is not URL-safe base64", id="stray-letters"),
        pytest.param("header.é.signature", "is not URL-safe base64", id="no-ascii"),
        pytest.param("header.abcde.signature", "is not URL-safe base64", id="truncated"),
        pytest.param(with_payload(b"{"), "is not JSON", id="no-json"),
        pytest.param(with_payload(b'{"email":"\xff"}'), "is not JSON", id="no-utf8"),
        pytest.param(with_payload(b'"text"'), "a JSON str, not an object", id="no-object"),
        pytest.param(with_payload(b'{"email":1}'), "wrong type: 'email'", id="email"),
        pytest.param(
            encode_jwt({PROFILE_CLAIM: {"email": 1}}), "wrong type: 'email'", id="profile-email"
        ),
        pytest.param(
            encode_jwt({PROFILE_CLAIM: "text"}),
            "profile is a JSON str, not an object",
            id="profile",
        ),
        pytest.param(
            encode_jwt({AUTH_CLAIM: "text"}), "auth is a JSON str, not an object", id="auth"
        ),
        pytest.param(
            encode_jwt({AUTH_CLAIM: {"chatgpt_plan_type": 1}}), "wrong type: 'plan_type'", id="plan"
        ),
        pytest.param(
            encode_jwt({AUTH_CLAIM: {"chatgpt_user_id": 1}}),
            "wrong type: 'chatgpt_user_id'",
            id="user",
        ),
        pytest.param(
            encode_jwt({AUTH_CLAIM: {"user_id": 1}}), "wrong type: 'chatgpt_user_id'", id="user-id"
        ),
        pytest.param(
            encode_jwt({AUTH_CLAIM: {"chatgpt_account_id": 1}}),
            "wrong type: 'chatgpt_account_id'",
            id="account",
        ),
    ],
)
def test_the_error_names_the_step_that_failed(token: str, step: str) -> None:
    """A token that Codex could not parse either is refused, and the message says why."""
    with pytest.raises(TokenError, match=step):
        parse_id_token(token)


# When an access token expires.


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        pytest.param(
            AccessToken(expires_in=timedelta(hours=1)),
            {"jti": "access-0", "exp": NOW_IN_SECONDS + 3600},
            id="in-an-hour",
        ),
        pytest.param(
            AccessToken(expires_in=-timedelta(hours=1)),
            {"jti": "access-0", "exp": NOW_IN_SECONDS - 3600},
            id="an-hour-ago",
        ),
        pytest.param(
            AccessToken(expires_in=timedelta()),
            {"jti": "access-0", "exp": NOW_IN_SECONDS},
            id="now",
        ),
        pytest.param(
            AccessToken(expires_at=datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)),
            {"jti": "access-0", "exp": NOW_IN_SECONDS + 1},
            id="at",
        ),
        pytest.param(
            AccessToken(expires_at=datetime(2026, 1, 2, 12, 4, 6, tzinfo=TOKYO)),
            {"jti": "access-0", "exp": NOW_IN_SECONDS + 1},
            id="at-in-tokyo",
        ),
        pytest.param(AccessToken(), {"jti": "access-0"}, id="never"),
        pytest.param(AccessToken(name="other"), {"jti": "other"}, id="named"),
    ],
)
def test_an_access_token_says_when_it_expires(
    token: AccessToken, expected: Mapping[str, object]
) -> None:
    """``exp`` is in whole seconds, from either form of the time, and left out for none."""
    assert expected == payload_of(token.encode(NOW))


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        pytest.param(
            AccessToken(expires_in=timedelta(hours=1)), NOW + timedelta(hours=1), id="in-an-hour"
        ),
        pytest.param(AccessToken(expires_at=NOW.astimezone(TOKYO)), NOW, id="at"),
        pytest.param(AccessToken(), None, id="never"),
    ],
)
def test_expiry_is_the_moment_itself(token: AccessToken, expected: datetime | None) -> None:
    """``expiry`` gives the moment, or ``None`` for a token that says nothing of it."""
    assert expected == token.expiry(NOW)


def test_expiry_is_in_utc() -> None:
    """Whatever zone the times are given in, the expiry is in UTC."""
    in_tokyo = NOW.astimezone(TOKYO)
    tokens = (AccessToken(expires_at=in_tokyo), AccessToken(expires_in=timedelta()))
    expected = [UTC, UTC]

    assert expected == [getattr(token.expiry(in_tokyo), "tzinfo", None) for token in tokens]


def test_the_zone_of_now_does_not_matter() -> None:
    """``expires_in`` counts from the same moment in every time zone."""
    token = AccessToken(expires_in=timedelta(hours=1))

    assert token.encode(NOW) == token.encode(NOW.astimezone(TOKYO))


def test_an_access_token_is_a_jwt_like_the_others() -> None:
    """Header and signature are those of an id token."""
    header, _, signature = encode_id_token(EVERYTHING).split(".")
    actual = AccessToken().encode(NOW).split(".")

    assert [header, signature] == [actual[0], actual[2]]


def test_two_times_are_refused() -> None:
    """An access token expires once."""
    with pytest.raises(ValueError, match="give 'expires_in' or 'expires_at', not both"):
        AccessToken(expires_in=timedelta(), expires_at=NOW)


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive ``datetime`` is no point in time."""
    with pytest.raises(ValueError, match="'expires_at' needs a time zone"):
        AccessToken(expires_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("member", "value", "wanted"),
    [
        ("expires_in", 3600, "timedelta or None"),
        ("expires_at", "2026-01-02T03:04:05Z", "datetime or None"),
        ("name", None, "str"),
    ],
    ids=["expires_in", "expires_at", "name"],
)
def test_the_members_of_an_access_token_have_types(member: str, value: Any, wanted: str) -> None:
    """A member of another type is refused, and the message says what it takes."""
    with pytest.raises(TypeError, match=f"'{member}' takes {wanted}, not {value!r}"):
        AccessToken(**{member: value})
