"""What the fixtures for other projects are parametrized with, and what they make of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.codex.binary import Codex
from harness.codex.releases import is_range, matching_releases
from harness.codex.store import Store
from harness.declare.modules import Declared
from harness.declare.releases import known_releases
from harness.declare.scenario import Scenario
from harness.declare.states import find_state, find_states


def state_parameters(patterns: Sequence[str], folder: str | Path | None) -> list[object]:
    """Return the parameters for ``codex_state``; see ``codex_auth_scenarios.states``."""
    folders = [] if folder is None else [Path(folder)]
    found = find_states(patterns, folders)
    named = {pattern.partition("[")[0].rpartition("/")[2] for pattern in patterns}
    return [
        pytest.param(declared, id=declared.full_name)
        for declared in found
        if declared.scenario.kind != "story" or declared.name in named
    ]


def release_parameters(words: Sequence[str]) -> list[str]:
    """Return the parameters for ``codex_release``; see ``codex_auth_scenarios.releases``."""
    if not words:
        return [str(version) for version in Store().installed()] or ["pinned"]
    meant = [_releases(word) for word in words]
    return list(dict.fromkeys(one for several in meant for one in several))


def _releases(word: str) -> Sequence[str]:
    if word == "latest" or is_range(word):
        return [str(version) for version in matching_releases(word, known_releases())]
    return [word]


def codex_of(word: str) -> Codex:
    """Return the Codex that a parameter means, downloading a release that is not here.

    Raises:
        CodexNotFoundError: it cannot be had; the message says what was tried.
    """
    (codex,) = Store().resolve([word])
    return codex


def declared_by(parameter: object) -> Declared:
    """Return the state that a parameter of ``codex_state`` means.

    Raises:
        StateNotFoundError, ModuleError: as for ``find_state``.
    """
    if isinstance(parameter, Declared):
        return parameter
    if isinstance(parameter, str):
        return find_state(parameter)
    if isinstance(parameter, Scenario):
        return Declared(
            name="scenario", variant="", path=Path(), description="", scenario=parameter
        )
    message = (
        "codex_state wants a state: "
        '@pytest.mark.parametrize("codex_state", states("expired"), indirect=True)'
    )
    pytest.fail(message, pytrace=False)
