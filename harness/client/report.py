"""What a person is told of a client that has ended: what it asked for, and what it left."""

from __future__ import annotations

import json
from collections.abc import Sequence

from harness.client.state import CodexState
from harness.client.verdict import differences
from harness.report.failure import difference_lines, journal_lines


def told(state: CodexState) -> Sequence[str]:
    """Return what was asked of the backend, and what has become of the home, tokens by name."""
    became = state.became
    home = [f"auth.json: {became.auth_json}" + (f", mode {became.mode}" if became.mode else "")]
    if became.auth_json in ("rewritten", "created"):
        layout = "in" if became.layout else "not in"
        home += [f"  {json.dumps(became.auth, ensure_ascii=False)}, {layout} Codex's layout"]
    home += [f"appeared: {name}" for name in became.appeared]
    home += [f"a token lies elsewhere: {where}" for where in became.leaked]
    return [
        "asked of the backend:",
        *(_indented(journal_lines(state.journal)) or ["  nothing"]),
        f"codex home ({state.name}):",
        *_indented(home),
    ]


def told_verdict(state: CodexState) -> Sequence[str]:
    """Return what is not as the state expects it; nothing: all is. Raises as ``differences``."""
    return [
        line
        for record, several in differences(state).items()
        for one in several
        for line in difference_lines(record, one)
    ]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
