"""The fixtures for ``auth.json``: the defaults of the seed, changes, and the file they become."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest

from harness.declare.auth import (
    LEFT_OUT,
    SIGNED_IN,
    ApiKeyAuth,
    Auth,
    AuthWriteError,
    ChatGptAuth,
    NoAuth,
    PersonalAccessToken,
    RawAuth,
    StoreMode,
    Unreadable,
    edited,
    signed_in,
    write_auth,
)
from harness.declare.tokens import AccessToken, IdTokenClaims, encode_id_token

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))


def contents_of(auth: Auth) -> Any:
    """Return ``auth.json`` of a home written at ``NOW``, as data."""
    return json.loads(auth.render(NOW) or b"")


def mode_of(path: Path) -> str:
    """Return the permissions of ``path``."""
    return f"{path.stat().st_mode & 0o777:04o}"


# A ChatGPT sign-in.


def test_the_defaults_are_those_of_the_seed() -> None:
    """Only the access token must be given; a new fixture has no account id and no claims."""
    expected = {
        "auth_mode": "chatgpt",
        "OPENAI_API_KEY": None,
        "tokens": {
            "id_token": encode_id_token(IdTokenClaims()),
            "access_token": "token",
            "refresh_token": "refresh-token",
            "account_id": None,
        },
        "last_refresh": "2026-01-02T03:04:05Z",
    }

    assert expected == ChatGptAuth("token").contents(NOW)


def test_an_access_token_is_encoded_when_it_is_written() -> None:
    """An ``AccessToken`` becomes a JWT whose time counts from the writing of the home."""
    token = AccessToken(expires_in=timedelta(hours=1))

    assert token.encode(NOW) == contents_of(ChatGptAuth(token))["tokens"]["access_token"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token", "other"),
        ("refresh_token", "other"),
        ("account_id", "other"),
        ("account_id", None),
        ("claims", IdTokenClaims(email="other")),
        ("last_refresh", NOW),
        ("last_refresh", None),
    ],
    ids=["access", "refresh", "account", "no-account", "claims", "last", "no-last"],
)
def test_but_changes_a_field(name: Any, value: Any) -> None:
    """``but`` changes a field of the fixture and nothing else."""
    assert attrs.evolve(SIGNED_IN, **{name: value}) == SIGNED_IN.but(**{name: value})


@pytest.mark.parametrize("value", ["other", None], ids=["text", "none"])
@pytest.mark.parametrize("claim", [field.name for field in attrs.fields(IdTokenClaims)])
def test_but_changes_a_claim(claim: Any, value: Any) -> None:
    """``but`` changes a claim of the id token and leaves the other claims as they are."""
    expected = attrs.evolve(SIGNED_IN, claims=attrs.evolve(SIGNED_IN.claims, **{claim: value}))

    assert expected == SIGNED_IN.but(**{claim: value})


def test_but_changes_the_claims_it_was_given() -> None:
    """A claim beside a whole claims object changes the new object."""
    changed = SIGNED_IN.but(claims=IdTokenClaims(email="a@b"), plan_type="plus", account_id="other")
    expected = attrs.evolve(
        SIGNED_IN, claims=IdTokenClaims(email="a@b", plan_type="plus"), account_id="other"
    )

    assert expected == changed


def test_but_leaves_the_original_alone() -> None:
    """A change makes another fixture."""
    original = ChatGptAuth("token")
    original.but(refresh_token="other", email="a@b")

    assert ChatGptAuth("token") == original


def test_but_takes_every_field_and_every_claim() -> None:
    """``changes`` names what ``but`` takes: all that a sign-in and its claims consist of."""
    classes = (ChatGptAuth, IdTokenClaims)
    expected = {field.name for one in classes for field in attrs.fields(one)}

    assert expected == set(ChatGptAuth.changes())


def test_but_refuses_a_name_it_does_not_know() -> None:
    """A name that is neither a field nor a claim is a ``TypeError`` that shows it."""
    with pytest.raises(TypeError, match="plan"):
        SIGNED_IN.but(plan="pro")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("access_token", "str or AccessToken"),
        ("refresh_token", "str"),
        ("account_id", "str or None"),
        ("claims", "IdTokenClaims"),
        ("last_refresh", "datetime or None"),
        ("email", "str or None"),
    ],
    ids=str,
)
def test_but_refuses_a_value_of_another_type(name: Any, wanted: str) -> None:
    """A value of the wrong type is a ``TypeError`` that says what the name takes."""
    change: Any = {name: 1}

    with pytest.raises(TypeError, match=f"'{name}' takes {wanted}.*, not 1"):
        SIGNED_IN.but(**change)


@pytest.mark.parametrize(
    ("auth", "name"),
    [
        (SIGNED_IN, "refresh_token"),
        (SIGNED_IN.claims, "email"),
        (ApiKeyAuth(), "api_key"),
        (RawAuth(b""), "data"),
    ],
    ids=["chatgpt", "claims", "api-key", "raw"],
)
def test_fixtures_are_immutable(auth: object, name: str) -> None:
    """A fixture cannot be changed once it is made."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(auth, name, "other")


def test_signed_in_is_healthy() -> None:
    """The sign-in of most scenarios has a fresh token, an account and a user id."""
    expected = ChatGptAuth(
        AccessToken(expires_in=timedelta(days=10)),
        refresh_token="refresh-token-of-the-home",
        account_id="workspace-1",
        claims=IdTokenClaims(
            email="someone@example.com",
            plan_type="pro",
            chatgpt_user_id="user-1",
            chatgpt_account_id="workspace-1",
        ),
    )

    assert expected == signed_in()


def test_signed_in_takes_changes() -> None:
    """``signed_in`` takes what ``but`` takes."""
    assert SIGNED_IN.but(plan_type="plus", account_id=None) == signed_in(
        plan_type="plus", account_id=None
    )


# The time of the last refresh.


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param(NOW - timedelta(days=9), "2025-12-24T03:04:05Z", id="utc"),
        pytest.param(NOW.astimezone(TOKYO), "2026-01-02T03:04:05Z", id="tokyo"),
        pytest.param(NOW.replace(microsecond=120_000), "2026-01-02T03:04:05.120Z", id="milli"),
        pytest.param(NOW.replace(microsecond=120_003), "2026-01-02T03:04:05.120003Z", id="micro"),
    ],
)
def test_last_refresh_is_written_in_utc(instant: datetime, expected: str) -> None:
    """An instant is written in UTC with a ``Z``, and with as many digits as it needs."""
    assert expected == contents_of(ChatGptAuth("token", last_refresh=instant))["last_refresh"]


def test_last_refresh_is_left_out_for_none() -> None:
    """``None`` leaves the key out, which is what Codex writes for it."""
    expected = ["auth_mode", "OPENAI_API_KEY", "tokens"]

    assert expected == list(contents_of(ChatGptAuth("token", last_refresh=None)))


def test_last_refresh_is_now_when_it_is_not_given(tmp_path: Path) -> None:
    """Without a word about it, and without a ``now``, the last refresh is the writing itself."""
    before = datetime.now(UTC)
    write_auth(tmp_path, ChatGptAuth("token"))
    after = datetime.now(UTC)
    written = json.loads((tmp_path / "auth.json").read_bytes())["last_refresh"]

    assert before <= datetime.fromisoformat(written) <= after


def test_last_refresh_needs_a_zone() -> None:
    """A naive ``datetime`` is no point in time."""
    with pytest.raises(ValueError, match="'last_refresh' needs a time zone"):
        ChatGptAuth("token", last_refresh=NOW.replace(tzinfo=None))


# The bytes.


def test_the_layout_is_that_of_codex() -> None:
    """Two spaces a level, the keys in the order of Codex's struct, no newline at the end."""
    id_token = encode_id_token(IdTokenClaims(email="jürgen@example.com"))
    auth = ChatGptAuth(
        "töken", account_id="workspace-1", claims=IdTokenClaims(email="jürgen@example.com")
    )
    expected = f"""{{
  "auth_mode": "chatgpt",
  "OPENAI_API_KEY": null,
  "tokens": {{
    "id_token": "{id_token}",
    "access_token": "töken",
    "refresh_token": "refresh-token",
    "account_id": "workspace-1"
  }},
  "last_refresh": "2026-01-02T03:04:05Z"
}}""".encode()

    assert expected == auth.render(NOW)


def test_an_api_key_stands_alone() -> None:
    """An API key is stored with its mode and nothing else."""
    expected = b'{\n  "auth_mode": "apikey",\n  "OPENAI_API_KEY": "sk-1"\n}'

    assert expected == ApiKeyAuth("sk-1").render(NOW)


def test_a_personal_access_token_names_no_mode() -> None:
    """Codex leaves ``auth_mode`` out, so that older releases can read the file."""
    expected = {"OPENAI_API_KEY": None, "personal_access_token": "at-token"}

    assert expected == contents_of(PersonalAccessToken("at-token"))


def test_an_api_key_has_a_default() -> None:
    """A scenario that does not care for the key need not give one."""
    expected = {"auth_mode": "apikey", "OPENAI_API_KEY": "sk-scenario-api-key"}

    assert expected == contents_of(ApiKeyAuth())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\xff\x00", b"\xff\x00", id="bytes"),
        pytest.param("{ }\né", b"{ }\n\xc3\xa9", id="text"),
        pytest.param("", b"", id="empty"),
        pytest.param(
            {"unknown": [1], "auth_mode": None},
            b'{\n  "unknown": [\n    1\n  ],\n  "auth_mode": null\n}',
            id="mapping",
        ),
    ],
)
def test_raw_contents_are_written_as_given(data: Any, expected: bytes, tmp_path: Path) -> None:
    """Bytes are written as they are, text as UTF-8, a mapping in Codex's layout, unchecked."""
    write_auth(tmp_path, RawAuth(data))

    assert expected == (tmp_path / "auth.json").read_bytes()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(RawAuth, "'data' takes bytes, not 1", id="raw"),
        pytest.param(ApiKeyAuth, "'api_key' takes str, not 1", id="api-key"),
    ],
)
def test_contents_of_another_type_are_refused(make: Any, message: str) -> None:
    """A fixture says what it takes."""
    with pytest.raises(TypeError, match=message):
        make(1)


# What others write.


def test_a_sign_in_is_edited_member_by_member() -> None:
    """A member is changed, added or left out, in a table too; the others and the order stay."""
    edit = edited(
        ChatGptAuth("token"),
        auth_mode=LEFT_OUT,
        tokens={"refresh_token": None, "account_id": LEFT_OUT, "more": 1},
        last_refresh="",
        more={"a": []},
    )
    expected: dict[str, Any] = {
        "OPENAI_API_KEY": None,
        "tokens": {
            "id_token": encode_id_token(IdTokenClaims()),
            "access_token": "token",
            "refresh_token": None,
            "more": 1,
        },
        "last_refresh": "",
        "more": {"a": []},
    }

    assert list(expected.items()) == list(contents_of(edit).items())


def test_what_is_left_out_need_not_be_there() -> None:
    """An API key has no tokens that could be left out."""
    expected = contents_of(ApiKeyAuth())

    assert expected == contents_of(edited(ApiKeyAuth(), tokens=LEFT_OUT))


def test_only_a_sign_in_is_edited() -> None:
    """Of a file of any bytes no member is known."""
    with pytest.raises(TypeError, match="'auth' takes ChatGptAuth or ApiKeyAuth, not RawAuth"):
        edited(RawAuth("{}"), more=1)  # type: ignore[arg-type]


def test_a_file_is_unreadable_in_one_of_three_ways() -> None:
    """Codex tells faults of the data in other words than those of the syntax."""
    with pytest.raises(ValueError, match="'of' must be in"):
        Unreadable("oops", of="spelling")


# The file.


def test_the_file_is_where_codex_looks(tmp_path: Path) -> None:
    """The file is ``auth.json`` at the top of the home, and its path is returned."""
    expected = tmp_path / "auth.json"

    assert expected == write_auth(tmp_path, ApiKeyAuth())


@pytest.mark.parametrize(
    "auth",
    [
        pytest.param(signed_in(last_refresh=NOW), id="chatgpt"),
        pytest.param(ApiKeyAuth(), id="api-key"),
        pytest.param(RawAuth("{"), id="raw"),
    ],
)
def test_the_file_holds_the_rendered_fixture(auth: Auth, tmp_path: Path) -> None:
    """What ``render`` returns is what is written."""
    write_auth(tmp_path, auth, now=NOW)

    assert auth.render(NOW) == (tmp_path / "auth.json").read_bytes()


def test_no_auth_writes_nothing(tmp_path: Path) -> None:
    """Without a sign-in there is no file and no path."""
    expected: tuple[None, list[Path]] = (None, [])

    assert expected == (write_auth(tmp_path, NoAuth()), list(tmp_path.iterdir()))


def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    """Writing leaves no temporary file and no lock."""
    write_auth(tmp_path, ApiKeyAuth())
    expected = ["auth.json"]

    assert expected == [path.name for path in tmp_path.iterdir()]


def test_the_home_is_made_when_it_is_missing(tmp_path: Path) -> None:
    """A home needs no preparation."""
    expected = tmp_path / "not" / "yet" / "auth.json"

    assert expected == write_auth(expected.parent, ApiKeyAuth())


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    """A new file has the mode that Codex gives it."""
    write_auth(tmp_path, ApiKeyAuth())
    expected = "0600"

    assert expected == mode_of(tmp_path / "auth.json")


def test_a_readable_file_is_closed(tmp_path: Path) -> None:
    """A file that others may read is theirs no more once it is written over."""
    path = tmp_path / "auth.json"
    path.write_text("something longer than the fixture that takes its place" * 9)
    path.chmod(0o644)
    write_auth(tmp_path, ApiKeyAuth())
    expected = ("0600", ApiKeyAuth().render(NOW))

    assert expected == (mode_of(path), path.read_bytes())


@pytest.mark.parametrize("store", ["keyring", "auto", "ephemeral"])
def test_only_the_file_store_can_be_written(store: StoreMode, tmp_path: Path) -> None:
    """Another store is refused by name, before anything is written."""
    with pytest.raises(AuthWriteError, match=f"^choose credentials store: '{store}'"):
        write_auth(tmp_path / "home", ApiKeyAuth(), store)
    expected: list[Path] = []

    assert expected == list(tmp_path.iterdir())


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A home that cannot be made is an error that names the step."""
    home = tmp_path / "home"
    home.touch()

    with pytest.raises(AuthWriteError, match=r"^write auth\.json: .*home"):
        write_auth(home, ApiKeyAuth())


def test_a_file_that_is_a_directory_is_refused(tmp_path: Path) -> None:
    """A file that cannot be written is an error that names the step."""
    (tmp_path / "auth.json").mkdir()

    with pytest.raises(AuthWriteError, match=r"^write auth\.json: .*auth\.json"):
        write_auth(tmp_path, ApiKeyAuth())


def test_claims_that_codex_could_not_parse_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the seed, an id token that does not parse is an error before anything is written."""
    monkeypatch.setattr("harness.declare.auth.encode_id_token", lambda _claims: "header.payload")

    with pytest.raises(AuthWriteError, match=r"^parse id token: invalid ID token format"):
        write_auth(tmp_path / "home", SIGNED_IN)
    expected: list[Path] = []

    assert expected == list(tmp_path.iterdir())
