"""``--update``: what was seen goes into the modules, for review as a diff."""

from __future__ import annotations

import difflib
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from attrs import frozen
from packaging.version import Version

from harness.codex.binary import Codex, is_pinned
from harness.declare.modules import ModuleError, load_module
from harness.judge.judge import Difference
from harness.report.rewrite import Correction, RewriteError, deviating, expecting, is_shared
from harness.report.source import source_of
from harness.seen.records import fields_of

Corrections = Mapping[str, Sequence[Correction]]
"""What to correct in the scenarios of a module, by variant."""


def corrections_of(probe: str, differences: Iterable[Difference]) -> list[Correction]:
    """Return what a scenario must expect of a probe that saw something else, as far as it can."""
    return [
        Correction(probe, one.field, source_of(one), one.step, one.kind)
        for one in differences
        if one.is_expectable
    ]


class UpdatePlugin:
    """Writes what was seen into the modules, where ``--update`` says so."""

    def __init__(self, root: Path, codex: Codex) -> None:
        """Know of nothing to write yet."""
        self._root, self._codex = root, codex
        self._corrections: dict[str, dict[str, list[Correction]]] = {}
        self._left: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of what a red cell saw."""
        told = getattr(report, "cell", {})
        if not report.failed:
            return
        found = [Correction(*one) for one in told.get("corrections", ())]
        if found:
            _, _, variant = told["scenario"].rstrip("]").partition("[")
            variants = self._corrections.setdefault(told["module"], {})
            variants.setdefault(variant, []).extend(found)
        if not found or len(found) < len(told["differences"]):
            self._left.append(f"{report.nodeid}: not all of it could be expected")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write all that can be, and show it; the run stays red, so that none approves itself."""
        updates = [
            update(
                self._root / module,
                corrections,
                self._codex.release,
                pinned=is_pinned(self._codex),
            )
            for module, corrections in self._corrections.items()
        ]
        left = [*self._left, *(line for one in updates for line in one.left)]
        if not updates and not left:
            return
        terminalreporter.section("update")
        for line in (line for one in updates for line in one.diff(self._root)):
            colour = {"+": "green", "-": "red"}.get(line[:1], "")
            terminalreporter.write_line(line, **({colour: True} if colour else {}))
        for line in left:
            terminalreporter.write_line(f"to be changed by hand: {line}")


@frozen
class Update:
    """What became of a module.

    Args:
        path: the module.
        before, after: its source; the same where nothing could be written.
        left: what is to be changed by hand, and why, a line each.
    """

    path: Path
    before: str
    after: str
    left: Sequence[str]

    def diff(self, root: Path) -> Sequence[str]:
        """Return the change as the lines of a unified diff, with names relative to ``root``."""
        name = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        before, after = self.before.splitlines(), self.after.splitlines()
        return list(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))


def update(path: Path, corrections: Corrections, release: Version, *, pinned: bool) -> Update:
    """Write corrections into the module at ``path``, as far as it stays a module.

    On the pinned release what a scenario expects is changed; any other gets a deviation.

    Args:
        path: the module.
        corrections: what was seen otherwise.
        release: the release on which it was seen.
        pinned: whether that is the pinned one.
    """
    before = after = path.read_text(encoding="utf-8")
    left = []
    for variants in _together(before, corrections, [one.variant for one in load_module(path)]):
        try:
            wanted = _same_for_all(variants, corrections)
            changed = _changed(path, after, variants[0], wanted, release, pinned=pinned)
        except (RewriteError, ModuleError) as error:
            left += [
                f"{_name(path, one)}: {_text(error)}" for one in variants if one in corrections
            ]
        else:
            after = changed
    if after != before:
        path.write_text(after, encoding="utf-8")
    return Update(path, before, after, left)


def _together(text: str, corrections: Corrections, variants: Sequence[str]) -> list[list[str]]:
    """Return the variants that need corrections, those together that are written only once."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for variant in variants:
        shared = is_shared(text, variant)
        groups["for all" if shared else f"for {variant}"].append(variant)
    return [group for group in groups.values() if not corrections.keys().isdisjoint(group)]


def _same_for_all(variants: Sequence[str], corrections: Corrections) -> Sequence[Correction]:
    """Return the corrections of variants that are written only once.

    Raises:
        RewriteError: not all of them are to be corrected, or not alike.
    """
    first, *others = (corrections.get(variant, ()) for variant in variants)
    if any(sorted(other) != sorted(first) for other in others):
        message = "a comprehension stands for all variants, and not all of them saw this"
        raise RewriteError(message)
    return first


def _changed(  # noqa: PLR0913 - what, where, and on what
    path: Path,
    text: str,
    variant: str,
    corrections: Sequence[Correction],
    release: Version,
    *,
    pinned: bool,
) -> str:
    if pinned:
        changed = expecting(text, variant, corrections)
    else:
        changed = deviating(text, variant, corrections, release)
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-update-") as directory:
        trial = Path(directory) / path.name
        trial.write_text(changed, encoding="utf-8")
        declared = {one.variant: one.scenario for one in load_module(trial)}
    for one in declared[variant].deviations if pinned else ():
        for correction in corrections:
            told = fields_of(getattr(one.expect, correction.probe))
            if release in one.releases and correction.name in told:
                message = f"the deviation for {one.releases.text!r} has the last word"
                raise RewriteError(message)
    return changed


def _text(error: RewriteError | ModuleError) -> str:
    return error.text if isinstance(error, ModuleError) else str(error)


def _name(path: Path, variant: str) -> str:
    return f"{path.stem}[{variant}]" if variant else path.stem
