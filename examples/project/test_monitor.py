"""The monitor in three states of Codex, and in one of this project's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from monitor import signed_in_as

from codex_auth_scenarios import CodexState, states

HERE = Path(__file__).parent

SEEN = {
    "stored/signed_in": "someone@example.com (pro)",
    "stored/api_key": "an API key",
    "stored/no_auth": "nobody",
    "edu_without_email": "somebody (edu)",
}


@pytest.mark.parametrize("codex_state", states(*SEEN, folder=HERE / "states"), indirect=True)
def test_monitor_says_who_is_signed_in(codex_state: CodexState) -> None:
    """Imported, as a library."""
    assert signed_in_as(codex_state.home) == SEEN[codex_state.name]


@pytest.mark.parametrize("codex_state", states("expired"), indirect=True)
def test_monitor_only_looks(codex_state: CodexState) -> None:
    """Started, as a program: it refreshes nothing, and leaves the home alone."""
    monitor = [sys.executable, str(HERE / "monitor.py")]
    said = subprocess.run(monitor, env=codex_state.env, capture_output=True, text=True, check=True)

    assert said.stdout == "someone@example.com (pro)\n"
    assert codex_state.became.auth_json == "untouched"
    assert list(codex_state.journal) == []
