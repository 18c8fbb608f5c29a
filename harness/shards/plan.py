"""The plan of a run: all that was selected, and which shard runs what.

Every machine makes the plan by itself. Its digest tells whether all of them made the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import attrs
from attrs import evolve, field, frozen

from harness.declare.checks import frozen_list

Key = tuple[str, str, str]
"""What tells a unit from every other of a run: module, scenario, release."""


@frozen(kw_only=True)
class Unit:
    """What stays together: a scenario on a release, whose probes share homes and processes.

    Args:
        module: its module, relative to where the run was started.
        scenario: its id; for a test of another kind, the id of that.
        release: the release; empty for a module that could not be loaded.
        probes: what is tried of it, in order; none for a test of another kind.
        milliseconds: the processor time that it is expected to take.
        shard: which shard runs it, from 1.
    """

    module: str
    scenario: str
    release: str = ""
    probes: Sequence[str] = field(default=(), converter=frozen_list)
    milliseconds: int = 1
    shard: int = 1

    @property
    def key(self) -> Key:
        """What tells it from every other of a run."""
        return self.module, self.scenario, self.release

    def __str__(self) -> str:
        """Show it on a line."""
        on = f" on {self.release}" if self.release else ""
        return f"{self.module} {self.scenario}{on}: {' '.join(self.probes)}"


@frozen(kw_only=True, slots=False)
class Plan:
    """A run as it is meant to be.

    Args:
        sources: the digest of the harness and of the modules that are run.
        shards: how many machines there are.
        units: all that is run on any of them, in order.
    """

    sources: str
    shards: int
    units: Sequence[Unit] = field(converter=frozen_list)

    @classmethod
    def split(cls, units: Iterable[Unit], shards: int, *, sources: str) -> Self:
        """Return the plan in which ``units`` are split evenly, the longest handed out first."""
        units = list(units)
        owners = _owners(units, shards)
        mine = [evolve(unit, shard=owners[unit.key]) for unit in units]
        return cls(sources=sources, shards=shards, units=mine)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Return the plan that ``as_json`` told."""
        units = [Unit(**unit) for unit in said["units"]]
        return cls(sources=said["sources"], shards=said["shards"], units=units)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as a line of results holds it."""
        return {"digest": self.digest, **self._told}

    @cached_property
    def digest(self) -> str:
        """What is the same only if all of the plan is."""
        return hashlib.sha256(json.dumps(self._told).encode()).hexdigest()

    @cached_property
    def _told(self) -> dict[str, Any]:
        units = [attrs.asdict(unit, recurse=False) for unit in self.units]
        return {"sources": self.sources, "shards": self.shards, "units": units}

    def of(self, shard: int) -> Sequence[Unit]:
        """Return what a shard runs."""
        return [unit for unit in self.units if unit.shard == shard]

    def unsplit(self) -> Self:
        """Return the same plan for one machine."""
        return self.split(self.units, 1, sources=self.sources)


def _owners(units: Sequence[Unit], shards: int) -> Mapping[Key, int]:
    """Return the shard of each unit.

    The releases are laid end to end along the time that all of it takes, which the shards divide
    evenly: so a machine prepares few releases. Within a release the longest unit goes first, each
    to the shard that has the most of its share left.
    """
    total = sum(unit.milliseconds for unit in units)
    left = [0] * shards
    owners = {}
    begin = 0
    for group in _by_release(units):
        end = begin + sum(unit.milliseconds for unit in group)
        # In units of 1 / shards, which keeps the shares whole.
        for shard in range(shards):
            low, high = shard * total, (shard + 1) * total
            left[shard] += max(0, min(high, end * shards) - max(low, begin * shards))
        for unit in sorted(group, key=lambda unit: (-unit.milliseconds, unit.key)):
            shard = left.index(max(left))
            left[shard] -= unit.milliseconds * shards
            owners[unit.key] = shard + 1
        begin = end
    return owners


def _by_release(units: Iterable[Unit]) -> Iterable[Sequence[Unit]]:
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        groups.setdefault(unit.release, []).append(unit)
    return groups.values()
