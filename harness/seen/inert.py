"""Text that moves no terminal, wherever it comes from."""

from __future__ import annotations

import re
from typing import Any, Final

CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal obeys instead of showing it; a new line and a tab are harmless."""

ESCAPED: Final = re.compile(rb"\\u00[0189]|\\[bfr]|\x7f|\xc2[\x80-\x9f]")
"""How JSON writes such characters."""

SHOWN: Final = "\N{REPLACEMENT CHARACTER}"


def inert(text: str) -> str:
    """Return ``text`` with something to see in the place of each control character."""
    return CONTROL.sub(SHOWN, text)


def inert_json(value: Any) -> Any:
    """Return JSON-like ``value`` with every text in it inert."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, dict):
        return {inert(str(key)): inert_json(member) for key, member in value.items()}
    return [inert_json(member) for member in value] if isinstance(value, list) else value
