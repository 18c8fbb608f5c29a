"""A badge for a release: an image that says how many of its cells are as expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Final
from xml.sax.saxutils import escape

from harness.report.page.gather import Gathered

STATIC: Final = files("harness.report.page") / "static"
GREEN: Final = "#23744a"
RED: Final = "#b3261e"

QUOTE: Final = {'"': "&quot;"}
"""What else has to be escaped in an attribute."""

CHARACTER: Final = 6.6
"""The width of a character of the badge, on the average, in pixels."""

PADDING: Final = 12


def badges(gathered: Gathered) -> Mapping[str, str]:
    """Return a badge for each release, as SVG."""
    return {release: _badge(release, _verdicts(gathered, release)) for release in gathered.releases}


def _verdicts(gathered: Gathered, release: str) -> Counter[str]:
    return Counter(
        cell.verdict
        for row in gathered.rows.values()
        for (_, of_cell), cell in row.cells.items()
        if of_cell == release
    )


def _badge(release: str, verdicts: Counter[str]) -> str:
    label = f"Codex {release}"
    passed = verdicts["passed"]
    wrong = verdicts.total() - passed - verdicts["not applicable"]
    message = f"{wrong} of {wrong + passed} differ" if wrong else f"{passed} as expected"
    left, right = _width(label), _width(message)
    template = (STATIC / "badge.svg").read_text(encoding="utf-8")
    return Template(template).substitute(
        label=escape(label, QUOTE),
        message=escape(message, QUOTE),
        colour=RED if wrong else GREEN,
        left=left,
        right=right,
        width=left + right,
        middle_of_label=left / 2,
        middle_of_message=left + right / 2,
    )


def _width(text: str) -> int:
    return round(len(text) * CHARACTER) + PADDING
