"""The auth states of Codex, for the tests of any project.

The fixtures ``codex_state`` and ``codex_release`` come with pytest by themselves; ``states`` and
``releases`` are what they are parametrized with. Scenario modules import from ``harness``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.client.state import CodexState
    from harness.codex.binary import Codex

__all__ = ["Codex", "CodexState", "releases", "states"]


def states(*patterns: str, folder: str | Path | None = None) -> list[Any]:
    """Return states to parametrize ``codex_state`` with, indirectly; their names are the ids.

    Args:
        patterns: ``"expired"``, ``"refresh/*"``, ``"expired_refresh_dead[reused]"``; ``"*"`` is all
            of them. A wildcard leaves out stories, which are about what is done in them.
        folder: where scenario modules of your own lie, which are found beside ours.

    Raises:
        StateNotFoundError: a pattern means no state, or the folder is none.
        ModuleError: a mistake in a module.
    """
    from harness.client.parameters import state_parameters

    return state_parameters(patterns, folder)


def releases(*words: str) -> list[str]:
    """Return releases to parametrize ``codex_release`` with, indirectly, the oldest first.

    Args:
        words: ``"0.156.0"``, ``">=0.160,<0.163"``, ``"latest"``, ``"pinned"`` or the path of a
            Codex. Ranges are those of the releases that this version of the package knows of.
            Without any: those that have been downloaded.

    Raises:
        CodexNotFoundError: a word means no release.
    """
    from harness.client.parameters import release_parameters

    return release_parameters(words)


def __getattr__(name: str) -> Any:
    """Return a class that is named in annotations, without importing it before."""
    if name == "CodexState":
        from harness.client.state import CodexState

        return CodexState
    if name == "Codex":
        from harness.codex.binary import Codex

        return Codex
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
