"""What is made of a Codex is kept by what it was made of, and of nothing else."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from harness.codex.binary import Codex, pinned_codex
from harness.codex.kept import HOMES, NOTE, Kept, recorded_digest

BINARY = b"#!/bin/sh\n"
DIGEST = hashlib.sha256(BINARY).hexdigest()


@pytest.fixture
def codex(tmp_path: Path) -> Codex:
    """Return a release as the store keeps it."""
    path = tmp_path / "releases" / "1.2.3-linux-x64" / "codex"
    path.parent.mkdir(parents=True)
    path.write_bytes(BINARY)
    path.with_name(NOTE).write_text(json.dumps({"sha256": DIGEST, "size": len(BINARY)}))
    return Codex(path, "1.2.3", "1.2.3")


def test_digest_of_a_download_is_that_of_its_note(codex: Codex) -> None:
    """It was computed when the release was downloaded."""
    assert recorded_digest(codex) == DIGEST


def test_digest_of_the_pinned_codex_is_that_of_its_package() -> None:
    """The installer has held it against the file."""
    path = pinned_codex()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()

    assert recorded_digest(Codex(path, "0.0.0")) == digest


def test_binary_that_was_changed_has_no_digest(codex: Codex) -> None:
    """It is newer than what was recorded of it, or of another size."""
    recorded = codex.path.with_name(NOTE).stat().st_mtime
    os.utime(codex.path, (recorded + 1, recorded + 1))
    newer = recorded_digest(codex)
    codex.path.write_bytes(BINARY + b"exit\n")
    os.utime(codex.path, (recorded - 1, recorded - 1))

    assert (newer, recorded_digest(codex)) == (None, None)


def test_what_is_made_of_a_codex_of_ones_own_stays_in_the_run(tmp_path: Path) -> None:
    """It may change without a word."""
    own = tmp_path / "codex"
    own.write_bytes(BINARY)

    kept = Kept.of(Codex(own, "1.2.3", str(own)), tmp_path / "store", run=tmp_path / "run")

    assert kept.directory.is_relative_to(tmp_path / "run")


def test_other_binary_of_the_same_version_has_a_place_of_its_own(
    tmp_path: Path, codex: Codex
) -> None:
    """As where a release was taken back and published anew."""
    first = Kept.of(codex, tmp_path / "store", run=tmp_path / "run")
    codex.path.with_name(NOTE).write_text(json.dumps({"sha256": "f" * 64, "size": len(BINARY)}))
    second = Kept.of(codex, tmp_path / "store", run=tmp_path / "run")

    assert (first.directory.name, second.directory.name) == (
        f"1.2.3-{DIGEST[:16]}",
        "1.2.3-" + "f" * 16,
    )


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a home."""
    home = tmp_path / "made"
    (home / "skills").mkdir(parents=True)
    (home / "state.sqlite").write_text("state")
    return home


def test_home_is_given_as_a_copy(tmp_path: Path, made: Path) -> None:
    """What one run does in it reaches no other."""
    kept = Kept(tmp_path / "kept")
    kept.keep_home("harness", made)
    given = tmp_path / "first", tmp_path / "second"

    assert kept.give_home("harness", given[0])
    (given[0] / "state.sqlite").write_text("changed")
    (given[0] / "skills" / "one").touch()
    assert kept.give_home("harness", given[1])

    assert (given[1] / "state.sqlite").read_text() == "state"
    assert list((given[1] / "skills").iterdir()) == []


def test_home_of_another_harness_is_not_given(tmp_path: Path, made: Path) -> None:
    """It may have let Codex do something else."""
    kept = Kept(tmp_path / "kept")
    kept.keep_home("harness", made)

    assert not kept.give_home("other", tmp_path / "given")
    assert not (tmp_path / "given").exists()


def test_newest_homes_are_kept(tmp_path: Path, made: Path) -> None:
    """And no partial one, as a run that was killed has left."""
    kept = Kept(tmp_path / "kept")
    (kept.directory / "partial" / "skills").mkdir(parents=True)
    names = [f"harness-{number}" for number in range(HOMES + 2)]
    for number, name in enumerate(names):
        os.utime(made, (number, number))
        kept.keep_home(name, made)

    homes = {path.name for path in kept.directory.iterdir()}
    assert homes == {"lock", *(f"home-{name}" for name in names[2:])}


def test_cache_that_cannot_be_written_is_done_without(tmp_path: Path, made: Path) -> None:
    """It would only save time."""
    (tmp_path / "kept").write_text("no directory")

    Kept(tmp_path / "kept").keep_home("harness", made)

    assert not Kept(tmp_path / "kept").give_home("harness", tmp_path / "given")
