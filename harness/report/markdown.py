"""Markdown as GitHub shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> str:
    """Return a table; what is in a cell stands on one line.

    ``numbers``: how many of the last columns hold numbers.
    """
    rule = [*["---"] * (len(header) - numbers), *["---:"] * numbers]
    return "\n".join(map(_row, (header, rule, *rows)))


def _row(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", r"\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def code(text: str) -> str:
    """Return ``text`` as code, whatever backticks are in it."""
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def folded(title: str, body: str) -> str:
    """Return ``body`` behind a title that opens it."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
