"""The fixtures for other projects. Nothing but pytest is imported until a test asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.client.state import CodexState
    from harness.codex.binary import Codex


@pytest.fixture(scope="session")
def _codex_run() -> Iterator[Path]:
    """Return the directory of all states, which a guard removes even when pytest is killed."""
    from harness.reaper import Guarded

    with Guarded() as guarded:
        yield guarded.directory


@pytest.fixture(scope="session")
def codex_release(request: pytest.FixtureRequest) -> Codex:
    """Return a Codex: the installed one, or the release that the test is parametrized with.

    ``@pytest.mark.parametrize("codex_release", releases("0.156.0", "pinned"), indirect=True)``
    downloads what is not in the cache directory.
    """
    from harness.client.parameters import codex_of

    return codex_of(getattr(request, "param", "pinned"))


@pytest.fixture
def codex_state(request: pytest.FixtureRequest, _codex_run: Path) -> Iterator[CodexState]:
    """Return a codex home in a named state, with a fake OpenAI that runs beside it.

    ``@pytest.mark.parametrize("codex_state", states("refresh/*"), indirect=True)``. Names and
    ``Scenario(…)`` will do as well as what ``states`` returns.
    """
    from harness.client.parameters import declared_by
    from harness.client.state import CodexState
    from harness.world.world import Place

    asked = "codex_release" in request.fixturenames
    codex = request.getfixturevalue("codex_release") if asked else None
    declared = declared_by(getattr(request, "param", None))
    # What a suite has started before its tests is in the network of the machine, and is to find it.
    with CodexState(declared, codex, root=_codex_run, place=Place()) as state:
        yield state
