"""What is otherwise in a run than in one before it, as Markdown for a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from harness.drift.behaviour import Behaviour, DriftError, behaviours, changes
from harness.report.markdown import code, folded, table
from harness.report.signs import AS_EXPECTED
from harness.results import CellResult, Results

SHOWN: Final = 50
"""So many rows of a table; a comment on GitHub takes 65,536 characters."""

Place = tuple[str, str, str]
"""A cell: scenario, probe and release."""


@frozen
class Runs:
    """Two runs, cell by cell.

    Args:
        old, new: the cells of each by their place. Of runs on one release each, the places are
            those of the new one, so that a release is compared with another.
    """

    old: Mapping[Place, CellResult]
    new: Mapping[Place, CellResult]

    @classmethod
    def of(cls, old: Results, new: Results) -> Runs:
        """Return two runs.

        Raises:
            DriftError: they have no release in common, and not one each.
        """
        before, after = _releases(old), _releases(new)
        if len(before) == len(after) == 1:
            return cls(_placed(old, after[0]), _placed(new, after[0]))
        if not set(before) & set(after):
            message = f"the runs have no release in common: {_list(before)} and {_list(after)}"
            raise DriftError(message)
        return cls(_placed(old), _placed(new))

    @property
    def newly_red(self) -> Sequence[CellResult]:
        """Cells that are not as expected, and were so, or were not there."""
        return [
            cell
            for place, cell in self.new.items()
            if _is_red(cell) and not _is_red(self.old.get(place))
        ]

    @property
    def newly_green(self) -> Sequence[CellResult]:
        """Cells that are as expected, and were not."""
        return [
            cell
            for place, cell in self.new.items()
            if not _is_red(cell) and _is_red(self.old.get(place))
        ]

    @property
    def still_red(self) -> int:
        """How many cells are not as expected in both."""
        return sum(_is_red(cell) and _is_red(self.old.get(at)) for at, cell in self.new.items())

    @property
    def added(self) -> Sequence[str]:
        """The scenarios that only the new one has."""
        return sorted({at[0] for at in self.new} - {at[0] for at in self.old})

    @property
    def gone(self) -> Sequence[str]:
        """The scenarios that only the old one has."""
        return sorted({at[0] for at in self.old} - {at[0] for at in self.new})


def changed(old: Results, new: Results) -> str:
    """Return what changed from one run to the next, as Markdown.

    Raises:
        DriftError: a run did not come to its end, or has no release in common with the other.
    """
    runs = Runs.of(old, new)
    return "\n\n".join(_blocks(runs, old, new)) + "\n"


def _blocks(runs: Runs, old: Results, new: Results) -> Iterator[str]:
    red, green = runs.newly_red, runs.newly_green
    yield f"### Codex auth scenarios: {_headline(len(red), len(green), runs.still_red)}"
    yield f"{_run(old, runs.old)} before, {_run(new, runs.new)} now."
    if red:
        yield "**Not as expected, and was so before:**"
        yield _cells(red)
        yield f"One of them again: {code(red[0].again)}"
    if green:
        yield "**As expected again:**"
        yield _cells(green)
    for title, names in {"New scenarios": runs.added, "Gone": runs.gone}.items():
        if names:
            yield f"**{title}:** {_more([code(name) for name in names], ', ')}"
    differing = list(_behaviour(old, new, runs))
    if differing:
        header = ("scenario", "probe", "what Codex does")
        body = table(header, differing[:SHOWN]) + _left_out(len(differing))
        yield folded(f"What Codex does otherwise, in {len(differing)} places", body)


def _headline(red: int, green: int, still: int) -> str:
    told = [
        f"{red} {_cells_are(red)} newly not as expected" if red else "",
        f"{green} {_cells_are(green)} as expected again" if green else "",
        f"{still} {_cells_are(still)} still not as expected" if still else "",
    ]
    return ", ".join(filter(None, told)) or "all as expected, as before"


def _cells_are(count: int) -> str:
    return "cell is" if count == 1 else "cells are"


def _run(results: Results, cells: Mapping[Place, CellResult]) -> str:
    good = sum(not _is_red(cell) for cell in cells.values())
    return f"Codex {_list(_releases(results))}: {good} of {len(cells)} cells as expected"


def _cells(cells: Sequence[CellResult]) -> str:
    short = [one.text.partition("\n")[0] for one in cells[:SHOWN]]
    rows = [
        (code(one.scenario), one.probe, one.release, code(text) if text else "")
        for one, text in zip(cells, short, strict=False)
    ]
    return table(("scenario", "probe", "release", "what"), rows) + _left_out(len(cells))


def _behaviour(old: Results, new: Results, runs: Runs) -> Iterator[tuple[str, str, str]]:
    """Yield what was seen otherwise, whatever is expected."""
    before, after = behaviours(_observed(old)), behaviours(_observed(new))
    pairs: list[tuple[Behaviour, Behaviour]]
    if len(before) == len(after) == 1:
        pairs = list(zip(before.values(), after.values(), strict=True))
    else:
        pairs = [(said, after[release]) for release, said in before.items() if release in after]
    left_out = {*runs.added, *runs.gone}
    for first, second in pairs:
        for (scenario, probe), several in changes(first, second).items():
            if scenario not in left_out:
                yield from ((code(scenario), probe, code(str(change))) for change in several)


def _observed(results: Results) -> Results:
    """Return results without what could not be observed, which is told as a red cell."""
    return evolve(results, cells=[one for one in results.cells if one.seen is not None])


def _placed(results: Results, release: str = "") -> Mapping[Place, CellResult]:
    return {(one.scenario, one.probe, release or one.release): one for one in results.cells}


def _releases(results: Results) -> Sequence[str]:
    return [str(release) for release in results.header["releases"]]


def _is_red(cell: CellResult | None) -> bool:
    return cell is not None and cell.verdict not in AS_EXPECTED


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def _more(texts: Sequence[str], between: str) -> str:
    return between.join(texts[:SHOWN]) + _left_out(len(texts), between)


def _left_out(count: int, between: str = "\n\n") -> str:
    return f"{between}and {count - SHOWN} more" if count > SHOWN else ""
