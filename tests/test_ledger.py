"""The search for tokens in all that a run has written."""

from __future__ import annotations

import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.seen.ledger import Entry, Ledger, Search
from harness.seen.names import Names

TOKEN = "".join(f"{n:03d}" for n in range(100, 200))
"""Three hundred characters, no stretch of which occurs twice."""


def written_under(root: Path) -> Mapping[str, Entry]:
    """Return all files under ``root``."""
    return Ledger.of(root).written(Ledger({}))


def found_in(root: Path, names: Names, besides: str = "") -> tuple[str, ...]:
    """Return where a token lies in what has been written under ``root``."""
    files = {path: one for path, one in written_under(root).items() if path != besides}
    return Search(root, names).leaks(files)


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
        (TOKEN[:40].encode(), "a piece of host-0"),
        (TOKEN[7:46].encode(), "a piece of host-0"),
        (b64encode(b"x" + TOKEN.encode()), "host-0 in base64"),
        (urlsafe_b64encode(b"xy" + TOKEN.encode()), "host-0 in base64"),
        (TOKEN.encode().hex().upper().encode(), "host-0 in hex"),
        (TOKEN[100:200].encode(), "a piece of host-0"),
        (b"\x00" * 9 + TOKEN[200:].encode(), "a piece of host-0"),
        (TOKEN[:150].encode() + b"\x00\xff" + TOKEN[150:].encode(), "a piece of host-0"),
    ],
    ids=[
        *("text", "binary", "beginning", "first piece", "any piece"),
        *("base64", "base64 for addresses", "hex", "middle", "end", "split"),
    ],
)
@pytest.mark.parametrize("where", ["codex.log", "log/deep/codex.log"])
def test_token_is_found(
    tmp_path: Path, names: Names, where: str, contents: bytes, found: str
) -> None:
    """Wherever it lies, and in whatever."""
    path = tmp_path / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)

    assert (f"{found} in {where}",) == found_in(tmp_path, names)


@pytest.mark.parametrize(
    "contents",
    ["", "abc", "http://127.0.0.1:12345", TOKEN[:19], TOKEN[-19:], TOKEN[::-1]],
    ids=["nothing", "short", "place", "shorter than a piece", "short end", "backwards"],
)
def test_other_text_is_no_leak(tmp_path: Path, names: Names, contents: str) -> None:
    """What is too short to tell, what is no secret, what is another text."""
    (tmp_path / "file").write_text(contents)

    assert found_in(tmp_path, names) == ()


def test_auth_json_is_where_tokens_belong(tmp_path: Path, names: Names) -> None:
    """There, and in no other file of that name; a link leads out of what was written."""
    (tmp_path / "auth.json").write_text(TOKEN)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "auth.json").write_text(TOKEN)
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.write_text(TOKEN)
    (tmp_path / "link").symlink_to(elsewhere)

    assert found_in(tmp_path, names, besides="auth.json") == ("host-0 in log/auth.json",)


def test_what_is_no_file_is_passed_by(tmp_path: Path, names: Names) -> None:
    """A pipe would be read for ever."""
    os.mkfifo(tmp_path / "pipe")

    assert found_in(tmp_path, names) == ()


def test_log_of_a_database_counts_as_the_database(tmp_path: Path, names: Names) -> None:
    """Chance decides in which of them a row lies."""
    for name in ("logs.sqlite", "logs.sqlite-wal"):
        (tmp_path / name).write_text(TOKEN)

    assert found_in(tmp_path, names) == ("host-0 in logs.sqlite",)


def test_linked_directory_is_not_followed(tmp_path: Path, names: Names) -> None:
    """What it leads to was not written by this run."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text(TOKEN)
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(elsewhere)

    assert found_in(root, names) == ()


def test_nothing_written_is_no_leak(tmp_path: Path, names: Names) -> None:
    """Not even a file."""
    assert found_in(tmp_path, names) == ()


def test_without_tokens_there_is_no_leak(tmp_path: Path) -> None:
    """Whatever lies there."""
    (tmp_path / "file").write_text(TOKEN)

    assert found_in(tmp_path, Names()) == ()


def test_every_leak_is_told_in_order(tmp_path: Path, names: Names) -> None:
    """Each token in each file, once."""
    names.add("host-1", TOKEN[::-1])
    for name in ("b", "a"):
        (tmp_path / name).write_text(TOKEN * 2 + TOKEN[::-1])

    assert found_in(tmp_path, names) == (
        "host-0 in a",
        "host-0 in b",
        "host-1 in a",
        "host-1 in b",
    )


def test_token_that_begins_like_another_is_no_piece_of_it(tmp_path: Path, names: Names) -> None:
    """The header of one JWT is that of the next."""
    names.add("host-1", TOKEN[:100] + TOKEN[::-1])
    (tmp_path / "file").write_text(TOKEN)

    assert found_in(tmp_path, names) == ("host-0 in file",)


def test_file_that_is_written_again_is_searched_again(tmp_path: Path, names: Names) -> None:
    """One that stays as it is need not be, unless another token is looked for."""
    search, file = Search(tmp_path, names), tmp_path / "file"
    file.write_text("nothing")
    before = search.leaks(written_under(tmp_path))
    file.write_text(TOKEN)
    written = search.leaks(written_under(tmp_path))
    file.unlink()
    removed = search.leaks(written_under(tmp_path))
    file.write_text("another-token")
    unknown = search.leaks(written_under(tmp_path))
    names.add("host-1", "another-token")

    assert [before, written, removed, unknown, search.leaks(written_under(tmp_path))] == [
        (),
        ("host-0 in file",),
        (),
        (),
        ("host-1 in file",),
    ]


def test_trusted_file_is_searched_once_it_is_written(tmp_path: Path, names: Names) -> None:
    """Whatever it held before; what is written in its place is searched, too."""
    search, file = Search(tmp_path, names), tmp_path / "state.sqlite"
    file.write_text(TOKEN)
    search.trust(file.name)
    before = search.leaks(written_under(tmp_path))
    file.write_text(f"{TOKEN}\n")
    written = search.leaks(written_under(tmp_path))
    search.trust(file.name)
    file.unlink()

    assert (before, written, search.leaks(written_under(tmp_path))) == (
        (),
        ("host-0 in state.sqlite",),
        (),
    )
