"""Holding what was seen against what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from harness.declare.auth import LEFT_OUT
from harness.seen.records import UNSET, Between, Either, Every, Record, Story, fields_of

COUNTS = "counts"
OFF_THE_MACHINE = "off the machine"


@frozen
class Difference:
    """A field of a record that is not as expected.

    Args:
        field: its name, or ``OFF_THE_MACHINE``.
        expected, seen: the two values.
        step: the step of a story whose record it is; ``""`` for the record of a probe.
        kind: the name of the type of that record.
    """

    field: str
    expected: Any
    seen: Any
    step: str = ""
    kind: str = ""

    @property
    def name(self) -> str:
        """The field, and the step that it is of."""
        return f"{self.step}.{self.field}" if self.step else self.field

    @property
    def is_expectable(self) -> bool:
        """Whether a scenario could expect what was seen."""
        return self.field != OFF_THE_MACHINE and self.seen is not UNSET


def judge(expected: Record, seen: Record) -> tuple[Difference, ...]:
    """Return how ``seen`` differs from the fields that ``expected`` pins.

    A mapping from the wire may hold more members than expected, since releases add some; ``counts``
    of requests must be exact. A request that was meant for another machine is always a difference,
    unless ``expected`` leaves to chance how often this one is reached for.
    Of a story, every step is held against the record that is expected of it.
    """
    if isinstance(expected, Story):
        assert isinstance(seen, Story)
        return tuple(
            evolve(one, step=name, kind=type(record).__name__)
            for name, record in seen.steps.items()
            for one in judge(expected.steps[name], record)
        )
    values = dict(fields_of(seen))
    attempts: Mapping[str, int] = {}
    if COUNTS in values:
        named = fields_of(expected).get(COUNTS, {})
        values[COUNTS], attempts = _by_place(values[COUNTS], named)
    differences = [
        Difference(name, wanted, values.get(name, UNSET))
        for name, wanted in fields_of(expected).items()
        if not (_same_counts if name == COUNTS else holds)(wanted, values.get(name, UNSET))
    ]
    if attempts:
        differences.append(Difference(OFF_THE_MACHINE, {}, attempts))
    return tuple(differences)


def _by_place(
    counts: Mapping[str, int], named: Mapping[str, Any]
) -> tuple[dict[str, int], dict[str, int]]:
    """Split the counts of requests into those for this machine and those for others.

    Those for others that ``named`` leaves to chance are not set apart.
    """
    here: dict[str, int] = {}
    elsewhere: dict[str, int] = {}
    for endpoint, count in counts.items():
        to_backend = endpoint.partition(" ")[2].startswith("/")
        left_to_chance = isinstance(named.get(endpoint), Between)
        (here if to_backend or left_to_chance else elsewhere)[endpoint] = count
    return here, elsewhere


def _same_counts(wanted: Mapping[str, Any], seen: Any) -> bool:
    return isinstance(seen, Mapping) and all(
        wanted.get(endpoint, 0) == seen.get(endpoint, 0) for endpoint in {*wanted, *seen}
    )


def holds(wanted: Any, seen: Any) -> bool:
    """Whether ``seen`` is as ``wanted``; a mapping may hold more members, but none left out."""
    if isinstance(wanted, Either):
        return any(holds(value, seen) for value in wanted.values)
    if isinstance(wanted, Every) and isinstance(seen, (list, tuple)):
        return all(holds(wanted.item, one) for one in seen)
    if isinstance(wanted, Mapping) and isinstance(seen, Mapping):
        return all(_holds_member(seen, name, value) for name, value in wanted.items())
    if isinstance(wanted, (list, tuple)) and isinstance(seen, (list, tuple)):
        return len(wanted) == len(seen) and all(map(holds, wanted, seen))
    # Not `wanted == seen`: True is no 1 and False no 0 on the wire.
    return bool(wanted == seen) and isinstance(wanted, bool) == isinstance(seen, bool)


def _holds_member(seen: Mapping[str, Any], name: str, wanted: Any) -> bool:
    if wanted is LEFT_OUT:
        return name not in seen
    return name in seen and holds(wanted, seen[name])
