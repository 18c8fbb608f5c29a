"""What changed since a stored run, as Markdown."""

from __future__ import annotations

from typing import Any

import pytest

from harness.drift.behaviour import DriftError
from harness.drift.changed import SHOWN, changed
from harness.results import CellResult, Results


def cell(scenario: str = "one", probe: str = "turn", **told: Any) -> CellResult:
    """Return a cell that is as expected."""
    given: dict[str, Any] = {"release": "1.0.0", "verdict": "passed", "seen": {"outcome": "x"}}
    return CellResult(scenario=scenario, probe=probe, module="", **given | told)


def red(*place: str, **told: Any) -> CellResult:
    """Return a cell that is not."""
    text = "outcome: expected 'a', seen 'b|c'\n\nmore"
    return cell(*place, verdict="failed", text=text, again="nox -s x", **told)


def run(*cells: CellResult, releases: tuple[str, ...] = ("1.0.0",)) -> Results:
    """Return a run that came to its end."""
    return Results({"releases": releases}, cells, {"type": "end"})


def lines(old: Results, new: Results) -> list[str]:
    """Return what is said, without what is empty."""
    return list(filter(None, changed(old, new).splitlines()))


def test_nothing_changed() -> None:
    """Two lines."""
    assert lines(run(cell()), run(cell())) == [
        "### Codex auth scenarios: all as expected, as before",
        "Codex 1.0.0: 1 of 1 cells as expected before, Codex 1.0.0: 1 of 1 cells as expected now.",
    ]


def test_verdicts_that_changed_are_listed() -> None:
    """With what is wrong on a line, and the command; what stays red is counted."""
    old = run(cell(), red("two"), red("three"), cell("gone"))
    new = run(red(), cell("two"), red("three"), red("new"))

    said = lines(old, new)

    assert said[0] == (
        "### Codex auth scenarios: 2 cells are newly not as expected, "
        "1 cell is as expected again, 1 cell is still not as expected"
    )
    assert r"| `one` | turn | 1.0.0 | `outcome: expected 'a', seen 'b\|c'` |" in said
    assert "One of them again: `nox -s x`" in said
    assert "| `two` | turn | 1.0.0 |  |" in said
    assert said[-2:] == ["**New scenarios:** `new`", "**Gone:** `gone`"]


def test_what_codex_does_is_told_whatever_is_expected() -> None:
    """Folded away; of scenarios that both have, and could observe."""
    old = run(cell(), cell("two"))
    new = run(cell(seen={"outcome": "y"}), cell("two", seen=None, verdict="error", text="why"))

    said = lines(old, new)

    assert "<details><summary>What Codex does otherwise, in 2 places</summary>" in said
    assert "| `one` | turn | `outcome: x -> y` |" in said


def test_releases_are_compared_with_themselves_or_one_with_one() -> None:
    """And never with nothing."""
    both = run(cell(), cell(release="2.0.0"), releases=("1.0.0", "2.0.0"))
    newer = run(red(release="2.0.0"), releases=("2.0.0",))

    assert "1 cell is newly" in lines(both, newer)[0]
    assert "1 cell is newly" in lines(run(cell()), newer)[0]
    with pytest.raises(DriftError, match="no release in common"):
        changed(both, run(cell(release="3.0.0"), releases=("3.0.0",)))


def test_comment_stays_short() -> None:
    """Of very many rows the first are shown."""
    many = [red(f"s{number}") for number in range(SHOWN + 7)]

    said = lines(run(), run(*many))

    assert sum(line.startswith("| `s") for line in said) == SHOWN
    assert said.count("and 7 more") == 1


def test_run_that_was_interrupted_is_refused() -> None:
    """Half of it says nothing of the rest."""
    with pytest.raises(DriftError, match="did not come to its end"):
        changed(run(cell()), Results({"releases": ["1.0.0"]}, [cell()], None))
