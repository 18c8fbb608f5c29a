"""Whether a Codex that did something else hung, or ended while it was waited for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from harness.judge.judge import Difference

BadEnding = Literal["hang", "crash"]

PATTERNS: Final[dict[BadEnding, re.Pattern[str]]] = {
    "hang": re.compile(r"(not reached: )?hung\b"),
    "crash": re.compile(r"(not reached: )?died\b|-\d+\b"),
}
"""How a field begins that tells of it."""

TELLING: Final = ("error", "outcome", "exit")
"""The fields that do so in words; an ``exit_code`` is a number, or none."""


def bad_ending(differences: Iterable[Difference]) -> BadEnding | None:
    """Return what else than expected became of a Codex: the first that ``differences`` tell of."""
    endings = (_ending(one.field, one.seen) for one in differences)
    return next(filter(None, endings), None)


def _ending(field: str, seen: Any) -> BadEnding | None:
    if field == "exit_code":
        if seen is None:
            return "hang"
        return "crash" if isinstance(seen, int) and seen < 0 else None
    if field not in TELLING or not isinstance(seen, str):
        return None
    return next((name for name, pattern in PATTERNS.items() if pattern.match(seen)), None)
