"""The results of all shards become those of the whole, the same to the byte in whatever order.

Shards of different plans, or one shard twice, are refused. Where a shard is lost or was
interrupted, the whole is what an interrupted run leaves: a file without a footer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

from attrs import evolve, frozen

from harness.results import ResultsError, ResultsWriter, Verdict
from harness.shards.part import Part, Place
from harness.shards.plan import Plan, Unit
from harness.shards.shard import WHOLE, Shard

VARYING: Final = ("started", "python", "shard")
"""What the headers of the shards of a run may differ in."""


class MergeError(ResultsError):
    """Results that do not make a whole; the message names the files and what is wrong."""


@frozen
class Missing:
    """A shard that did not come to its end, or never came.

    Args:
        shard: which.
        why: what became of it.
        units: what is missing of its cells.
    """

    shard: Shard
    why: str
    units: Sequence[Unit]

    def lines(self) -> Iterator[str]:
        """Yield what a person reads of it."""
        cells = sum(len(unit.probes) for unit in self.units)
        yield f"shard {self.shard} {self.why}; cells missing: {cells}"
        for unit in self.units:
            yield f"    {unit}"


@frozen(kw_only=True)
class Whole:
    """The shards of a run, side by side.

    Args:
        plan: what all of them were to do.
        parts: those that are there, in order.
    """

    plan: Plan
    parts: Sequence[Part]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Self:
        """Read the results of shards, in whatever order.

        Raises:
            ResultsError: one of them is no file of results.
            MergeError: they are not of one plan, or one shard is there twice.
        """
        parts = sorted(map(Part.read, paths), key=lambda part: (part.shard.index, part.path))
        plan = _plan_of(parts)
        _refuse_foreign(parts, plan)
        return cls(plan=plan, parts=parts)

    @property
    def missing(self) -> Sequence[Missing]:
        """What keeps it from being whole."""
        parts = {part.shard.index: part for part in self.parts}
        every = (Shard(index, self.plan.shards) for index in range(1, self.plan.shards + 1))
        return [
            one for shard in every if (one := _missing(shard, self.plan, parts.get(shard.index)))
        ]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many cells there are of each verdict."""
        return Counter(verdict for part in self.parts for verdict in part.verdicts.values())

    @property
    def exit_code(self) -> int:
        """That of the worst shard; not 0 where anything is missing."""
        codes: Iterable[int] = (part.footer["exit_code"] for part in self.parts if part.footer)
        return max(codes, default=0) or int(bool(self.missing))

    def write(self, path: Path) -> None:
        """Write it as the results of a run that was not split."""
        unfinished = path.with_name(f".{path.name}.unfinished")
        writer = ResultsWriter(unfinished, self._header())
        writer.plan(self.plan.unsplit())
        with ExitStack() as stack:
            files = {one.path: stack.enter_context(one.path.open("rb")) for one in self.parts}
            for scenario, cell, verdict in self._places():
                told = scenario.read(files[scenario.path]) if scenario else ""
                writer.add(told, (), cell.read(files[cell.path]), verdict)
        if not self.missing:
            footers = [part.footer for part in self.parts if part.footer]
            writer.end(self.exit_code, max(footer["ended"] for footer in footers))
        writer.close()
        unfinished.replace(path)

    def _places(self) -> Iterator[tuple[Place | None, Place, Verdict]]:
        """Yield where each cell stands, and its scenario, in the order of the plan."""
        scenarios = {name: place for part in self.parts for name, place in part.scenarios.items()}
        parts = {part.shard.index: part for part in self.parts}
        for unit in self.plan.units:
            part = parts.get(unit.shard)
            for cell in ((unit.key, probe) for probe in unit.probes):
                if part and cell in part.cells:
                    place = scenarios.get(unit.scenario)
                    yield place, part.cells[cell], part.verdicts[cell]

    def _header(self) -> Mapping[str, Any]:
        headers = [part.header for part in self.parts]
        return {
            **headers[0],
            "python": ", ".join(sorted({header["python"] for header in headers})),
            "started": min(header["started"] for header in headers),
            "shard": str(WHOLE),
        }

    def lines(self) -> Iterator[str]:
        """Yield what a person reads of it: what is missing, what is red, the totals."""
        for one in self.missing:
            yield from one.lines()
        verdicts = {cell: one for part in self.parts for cell, one in part.verdicts.items()}
        for unit in self.plan.units:
            for verdict in ("failed", "error"):
                red = [one for one in unit.probes if verdicts.get((unit.key, one)) == verdict]
                if red:
                    yield f"{verdict}: {evolve(unit, probes=red)}"
        counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(self.verdicts.items()))
        yield (
            f"{len(self.parts)} of {self.plan.shards} shards, {len(self.plan.units)} scenarios, "
            f"{self.verdicts.total()} cells: {counts}"
        )


def _plan_of(parts: Sequence[Part]) -> Plan:
    """Return the plan that all shards have.

    Raises:
        MergeError: they have several, or none.
    """
    plans = {part.plan.digest: part.plan for part in parts if part.plan}
    if not plans:
        message = "none of these results came as far as the plan of its run; run the shards again"
        raise MergeError(message)
    if len(plans) > 1:
        of_plan = [
            f"{', '.join(str(part.path) for part in parts if part.plan == plan)}: "
            f"{plan.shards} shards of {len(plan.units)} scenarios, plan {digest[:12]}"
            for digest, plan in plans.items()
        ]
        message = (
            "these shards are not of one plan; run all of them again, with the same modules, "
            "options and durations:\n    " + "\n    ".join(of_plan)
        )
        raise MergeError(message)
    return next(iter(plans.values()))


def _refuse_foreign(parts: Sequence[Part], plan: Plan) -> None:
    """Refuse what is not of ``plan``, or is there twice.

    Raises:
        MergeError: a shard is.
    """
    first = parts[0]
    for part, before in zip(parts, [None, *parts], strict=False):
        if before and part.shard == before.shard:
            message = f"{before.path} and {part.path} are both shard {part.shard}; leave one out"
            raise MergeError(message)
        ours, theirs = (
            {name: value for name, value in one.header.items() if name not in VARYING}
            for one in (first, part)
        )
        if ours != theirs or part.shard.total != plan.shards:
            message = f"{part.path} is of another run than {first.path}: {theirs}, not {ours}"
            raise MergeError(message)
        planned = {(unit.key, probe) for unit in plan.of(part.shard.index) for probe in unit.probes}
        foreign = [cell for cell in part.cells if cell not in planned]
        if foreign:
            (_, scenario, _), probe = foreign[0]
            message = f"{part.path}: {scenario}::{probe} is not of shard {part.shard}"
            raise MergeError(message)


def _missing(shard: Shard, plan: Plan, part: Part | None) -> Missing | None:
    """Return what is missing of a shard; ``None`` where it came to its end with all its cells."""
    there = part.cells if part else {}
    units = [
        evolve(unit, probes=left)
        for unit in plan.of(shard.index)
        if (left := [probe for probe in unit.probes if (unit.key, probe) not in there])
    ]
    if part is None:
        return Missing(shard, "is lost", units)
    if part.footer is None:
        return Missing(shard, f"was interrupted ({part.path})", units)
    return Missing(shard, f"did not run all of its cells ({part.path})", units) if units else None
