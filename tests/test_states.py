"""The states by name: what a pattern means, and where the modules lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.declare.states import StateNotFoundError, find_state, find_states

MODULE = '"""A state."""\nfrom harness import Scenario\n{}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of somebody's own modules, one with variants, one named as one of ours."""
    (tmp_path / "refresh").mkdir()
    for name, declared in {
        "mine": "scenarios = {'a': Scenario(), 'b': Scenario()}",
        "refresh/expired": "scenario = Scenario()",
    }.items():
        (tmp_path / f"{name}.py").write_text(MODULE.format(declared))
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("api_key", ["stored/api_key"]),
        ("stored/api_key", ["stored/api_key"]),
        ("stored/api_k*", ["stored/api_key"]),
        ("expired_refresh_dead[reused]", ["refresh/expired_refresh_dead[reused]"]),
        ("mine", ["mine[a]", "mine[b]"]),
        ("m*[b]", ["mine[b]"]),
    ],
)
def test_pattern_means_states(folder: Path, pattern: str, names: list[str]) -> None:
    """With a folder or without, with wildcards, with a variant; ours and theirs."""
    assert [one.full_name for one in find_states([pattern], [folder])] == names


def test_module_of_their_own_replaces_ours(folder: Path) -> None:
    """And so does the path of a module."""
    assert find_state("expired", [folder]).path == folder / "refresh" / "expired.py"
    assert find_state(str(folder / "refresh" / "expired.py")).folder == ""


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("expird", "there is no state expird; did you mean 'expired'?"),
        ("expired_refresh_dead[x]", "refresh/expired_refresh_dead has no variant x"),
        ("mine", r"mine means several states; name one of mine\[a\], mine\[b\]"),
        ("none.py", "there is no state none.py"),
    ],
)
def test_mistake_says_what_to_write(folder: Path, name: str, says: str) -> None:
    """In one line."""
    with pytest.raises(StateNotFoundError, match=f"^{says}"):
        find_state(name, [folder])


def test_folder_that_is_none_is_named(tmp_path: Path) -> None:
    """Rather than not being looked into."""
    with pytest.raises(StateNotFoundError, match="nowhere is no folder of scenario modules"):
        find_states(["expired"], [tmp_path / "nowhere"])
