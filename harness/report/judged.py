"""What came of a cell, as every report of a run that is going on takes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Self

import pytest
from attrs import frozen

from harness.report.signs import AS_EXPECTED
from harness.report.verdicts import verdict_of
from harness.results import Verdict


@frozen(kw_only=True)
class Judged:
    """A cell that has been judged, or could not be.

    Args:
        scenario, probe, release, verdict, text, again: as in ``CellResult``.
        module: the module, relative to the root of pytest.
        line: where it declares the scenario, from 1.
        seconds: how long what was observed for this cell took.
    """

    scenario: str
    probe: str
    release: str
    verdict: Verdict
    text: str
    again: str
    module: str
    line: int
    seconds: float

    @classmethod
    def of(cls, report: pytest.TestReport) -> Self | None:
        """Return what a report says of a cell; ``None`` where there is more to come, or no cell."""
        verdict = verdict_of(report)
        if verdict is None:
            return None
        told: Mapping[str, Any] = report.cell
        return cls(
            scenario=told["scenario"],
            probe=told.get("probe", "module"),
            release=told.get("release", ""),
            verdict=verdict,
            text=told.get("not_applicable", str(report.longrepr) if report.failed else ""),
            again=told.get("again", f"nox -s scenarios -- -n 0 '{told['module']}'"),
            module=told["module"],
            line=(report.location[1] or 0) + 1,
            seconds=told.get("stage", {}).get("seconds", 0),
        )

    @property
    def folder(self) -> str:
        """The folder of its module."""
        return PurePosixPath(self.module).parent.name

    @property
    def is_red(self) -> bool:
        """Whether it is not as expected."""
        return self.verdict not in AS_EXPECTED

    @property
    def in_short(self) -> str:
        """What is wrong, on a line."""
        return self.text.partition("\n")[0]
