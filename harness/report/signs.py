"""What a terminal can show: signs where its encoding has them, letters where it has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from attrs import frozen

NOT_APPLICABLE: Final = "not applicable"
NOT_RUN: Final = ""

AS_EXPECTED: Final = frozenset({"passed", NOT_APPLICABLE})
"""The outcomes of which there is nothing to say."""

BAD_ENDINGS: Final = {"hang": "H", "crash": "C"}
"""The marks of a Codex that did not end as programs do."""

COLOURS: Final = {"passed": "green", "error": "yellow"} | dict.fromkeys(
    ("failed", *BAD_ENDINGS), "red"
)
"""The colour of an outcome; all others are pale."""


@frozen
class Signs:
    """The signs of a terminal.

    Args:
        marks: the mark of each outcome.
        full, empty: what a bar is made of.
        more: what stands for text that is cut off.
    """

    marks: Mapping[str, str]
    full: str
    empty: str
    more: str

    def cut(self, text: str, width: int) -> str:
        """Return ``text`` on no more than ``width`` columns."""
        if len(text) <= width:
            return text
        return text[: max(0, width - len(self.more))] + self.more[: max(0, width)]

    def bar(self, share: float, width: int) -> str:
        """Return a bar of ``width`` columns, filled up to a share from 0 to 1."""
        filled = int(share * width)
        return self.full * filled + self.empty * (width - filled)


UNICODE: Final = Signs(
    {**BAD_ENDINGS, "passed": "✓", "failed": "✗", "error": "!", NOT_APPLICABLE: "-", NOT_RUN: "·"},
    "█",
    "░",
    "…",
)
ASCII: Final = Signs(
    {**BAD_ENDINGS, "passed": ".", "failed": "F", "error": "E", NOT_APPLICABLE: "-", NOT_RUN: " "},
    "#",
    "-",
    "..",
)


def signs_of(reporter: pytest.TerminalReporter) -> Signs:
    """Return the signs that the terminal of a reporter can show."""
    encoding = getattr(reporter._tw._file, "encoding", None)  # noqa: SLF001 - it tells nobody else
    try:
        "".join([*UNICODE.marks.values(), UNICODE.full, UNICODE.empty]).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
