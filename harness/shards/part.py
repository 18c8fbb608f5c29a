"""The results of one shard, as a file that may be too large to be held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Self

from attrs import frozen

from harness.results import ResultsError, Verdict, parsed_lines
from harness.shards.plan import Key, Plan
from harness.shards.shard import Shard

Cell = tuple[Key, str]
"""A unit and a probe of it."""


@frozen
class Place:
    """Where lines stand in a file of results: from a byte of it to another."""

    path: Path
    begin: int
    end: int

    def read(self, file: IO[bytes]) -> str:
        """Return the lines, from the file, which is open."""
        file.seek(self.begin)
        return file.read(self.end - self.begin).decode().rstrip("\n")


@frozen(kw_only=True)
class Part:
    """The results of a shard, of whose lines only the places are kept: a whole may be large.

    Args:
        path: their file.
        header: their first line.
        plan: the plan; ``None``: the shard was interrupted before it had one.
        scenarios: where each scenario stands, by id.
        cells: where each cell stands, by unit and probe, with the stages that were run for it.
        verdicts: the verdict of each cell.
        footer: their last line; ``None``: the shard was interrupted.
    """

    path: Path
    header: Mapping[str, Any]
    plan: Plan | None
    scenarios: Mapping[str, Place]
    cells: Mapping[Cell, Place]
    verdicts: Mapping[Cell, Verdict]
    footer: Mapping[str, Any] | None

    @property
    def shard(self) -> Shard:
        """Which it is."""
        return Shard.parse(self.header["shard"], {})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of results.

        Raises:
            ResultsError: it is not there, or no file of results, or a cell stands in it twice.
        """
        others: dict[str, Mapping[str, Any]] = {}
        scenarios: dict[str, Place] = {}
        cells: dict[Cell, Place] = {}
        verdicts: dict[Cell, Verdict] = {}
        begin = 0
        for said, end in _lines(path):
            place = Place(path, begin, end)
            match said["type"]:
                case "stage":
                    continue
                case "scenario":
                    scenarios[said["scenario"]] = place
                case "cell":
                    cell = (said["module"], said["scenario"], said["release"]), said["probe"]
                    if cell in cells:
                        message = f"{path}: {said['scenario']}::{said['probe']} stands in it twice"
                        raise ResultsError(message)
                    cells[cell], verdicts[cell] = place, said["verdict"]
                case name:
                    others[name] = said
            begin = end
        return cls(
            path=path,
            header=others["run"],
            plan=Plan.from_json(others["plan"]) if "plan" in others else None,
            scenarios=scenarios,
            cells=cells,
            verdicts=verdicts,
            footer=others.get("end"),
        )


def _lines(path: Path) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield each line of a file, and where it ends."""
    try:
        with path.open("rb") as file:
            for said in parsed_lines(path, file):
                yield said, file.tell()
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise ResultsError(message) from error
