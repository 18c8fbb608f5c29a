"""The search for tokens in all that a run has written."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.seen.ledger import leaks
from harness.seen.names import Names

TOKEN = "".join(f"{n:03d}" for n in range(100, 200))
"""Three hundred characters, no stretch of which occurs twice."""


@pytest.fixture
def names() -> Names:
    """Know one token, one short text, and one address that is no secret."""
    known = Names()
    known.add("host-0", TOKEN)
    known.add("short", "abc")
    known.add_place("http://backend", "http://127.0.0.1:12345")
    return known


@pytest.mark.parametrize(
    ("contents", "found"),
    [
        (f"token={TOKEN}\n".encode(), "host-0"),
        (b"\x00\xff" + TOKEN.encode() + b"\x00", "host-0"),
        (TOKEN[:100].encode(), "a piece of host-0"),
        (b"\x00" * 9 + TOKEN[200:].encode(), "a piece of host-0"),
    ],
    ids=["text", "binary", "beginning", "end"],
)
@pytest.mark.parametrize("where", ["codex.log", "log/deep/codex.log"])
def test_token_is_found(
    tmp_path: Path, names: Names, where: str, contents: bytes, found: str
) -> None:
    """Wherever it lies, and in whatever."""
    path = tmp_path / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)

    assert (f"{found} in {where}",) == leaks(tmp_path, names)


@pytest.mark.parametrize(
    "contents",
    ["", "abc", "http://127.0.0.1:12345", TOKEN[:30], TOKEN[::-1]],
    ids=["nothing", "short", "place", "shorter than a piece", "backwards"],
)
def test_other_text_is_no_leak(tmp_path: Path, names: Names, contents: str) -> None:
    """What is too short to tell, what is no secret, what is another text."""
    (tmp_path / "file").write_text(contents)

    assert leaks(tmp_path, names) == ()


def test_auth_json_is_where_tokens_belong(tmp_path: Path, names: Names) -> None:
    """And a link leads out of what was written."""
    (tmp_path / "auth.json").write_text(TOKEN)
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.write_text(TOKEN)
    (tmp_path / "link").symlink_to(elsewhere)

    assert leaks(tmp_path, names) == ()


def test_log_of_a_database_counts_as_the_database(tmp_path: Path, names: Names) -> None:
    """Chance decides in which of them a row lies."""
    for name in ("logs.sqlite", "logs.sqlite-wal"):
        (tmp_path / name).write_text(TOKEN)

    assert leaks(tmp_path, names) == ("host-0 in logs.sqlite",)
