"""How long scenarios take, as earlier results have it: ``durations.json`` beside the modules.

What counts is the processor time of Codex. Scenarios that wait do so beside all others.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median_high
from typing import Final, Self

from attrs import frozen

from harness.errors import PlainError
from harness.results import Results

FILE: Final = "durations.json"
UNKNOWN: Final = 1000
"""Milliseconds of a scenario where nothing is known of any."""

ROUNDED_TO: Final = 10
"""Milliseconds: what differs by less is noise."""


class DurationsError(PlainError):
    """A file of durations that cannot be used; the message names it and the command that mends."""


@frozen
class Durations:
    """The processor time of scenarios by their ids, in milliseconds."""

    by_scenario: Mapping[str, int]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file says; nothing is known where there is none.

        Raises:
            DurationsError: it is no such file.
        """
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls({})
        except (OSError, ValueError) as error:
            message = f"{path}: {error}; write it anew with nox -s durations"
            raise DurationsError(message) from error
        is_table = isinstance(said, dict) and all(
            isinstance(value, int) and value > 0 for value in said.values()
        )
        if not is_table:
            message = f"{path}: takes milliseconds by scenario; write it anew: nox -s durations"
            raise DurationsError(message)
        return cls(said)

    @classmethod
    def of(cls, results: Iterable[Results]) -> Self:
        """Return what runs took: of several releases, and of several runs, the median."""
        taken: defaultdict[str, list[int]] = defaultdict(list)
        for run in results:
            by_unit: defaultdict[tuple[str, str], float] = defaultdict(float)
            for stage in run.stages:
                by_unit[stage.scenario, stage.release] += stage.cpu_seconds
            for (scenario, _), seconds in by_unit.items():
                taken[scenario].append(_rounded(seconds))
        return cls({scenario: median_high(several) for scenario, several in taken.items()})

    def updated(self, newer: Durations, modules: Iterable[str]) -> Durations:
        """Return these with ``newer`` ones, without those of no module in ``modules``."""
        there = set(modules)
        both = {**self.by_scenario, **newer.by_scenario}
        return Durations(
            {name: both[name] for name in sorted(both) if name.partition("[")[0] in there}
        )

    def write(self, path: Path) -> None:
        """Write a file that ``read`` reads, a line for each scenario."""
        text = json.dumps(self.by_scenario, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")

    def estimate(self, scenarios: Iterable[str]) -> Mapping[str, int]:
        """Return a duration for each of ``scenarios``: where none is known, the median of them."""
        wanted = list(dict.fromkeys(scenarios))
        known = [self.by_scenario[name] for name in wanted if name in self.by_scenario]
        unknown = median_high(known) if known else UNKNOWN
        return {name: self.by_scenario.get(name, unknown) for name in wanted}


def _rounded(seconds: float) -> int:
    return max(ROUNDED_TO, round(seconds * 1000 / ROUNDED_TO) * ROUNDED_TO)
