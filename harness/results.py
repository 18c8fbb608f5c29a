"""Results as data: what a run saw, as JSON lines, written as it goes.

A header, a line for each cell with what was seen and the verdict, a footer. A file without its
footer is what an interrupted run has left. ``results.schema.json`` beside this module describes
every line.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of_package
from pathlib import Path
from typing import IO, Any, Final, Literal, Self, get_args

import attrs
from attrs import frozen

from harness.errors import PlainError
from harness.judge.judge import Difference
from harness.seen.records import Between, Either, Every, Matcher, fields_of

FORMAT: Final = 1
"""Counts up when a reader of older files would misread newer ones."""

Verdict = Literal["passed", "failed", "error", "not applicable"]


VERDICTS: Final[tuple[str, ...]] = get_args(Verdict)


class ResultsError(PlainError):
    """A file of results that cannot be read; the message names the file, the line and why."""


@frozen(kw_only=True)
class CellResult:
    """One line of results: a probe of a scenario on a release.

    Args:
        scenario: the id of the scenario, ``"expired_refresh_dead[reused]"``.
        module: its module, relative to where the run was started.
        probe: the probe; ``"module"`` for a module that could not be loaded.
        release: the release of Codex, ``"0.163.0"``; ``""`` for such a module.
        verdict: ``"error"`` is a fault of the harness or of the module; ``"not applicable"`` a
            state that this release cannot have, for the reason in ``text``.
        seen: the record of the probe, as JSON; ``None`` where there is none.
        differences: where that is not as expected, each with ``field``, ``expected``, ``seen``.
        text: what a person reads of a failure or an error.
        stage: what observing the stage cost, on one of its cells: ``seconds``, ``cpu_seconds`` of
            Codex, and ``processes``.
    """

    scenario: str
    module: str
    probe: str
    release: str
    verdict: Verdict
    seen: Mapping[str, Any] | None = None
    differences: Sequence[Mapping[str, Any]] = ()
    text: str = ""
    stage: Mapping[str, float] | None = None


@frozen
class Results:
    """The results of a run.

    Args:
        header: what was run: ``format``, ``suite`` (its version), ``releases``, ``platform``,
            ``python``, ``started`` (UTC).
        cells: what came of it.
        footer: ``cells`` (how many), a number for each verdict, ``exit_code``, ``ended`` (UTC);
            ``None`` for a run that did not come to its end.
    """

    header: Mapping[str, Any]
    cells: Sequence[CellResult]
    footer: Mapping[str, Any] | None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; the last line of an interrupted run may be torn, and is left out.

        Raises:
            ResultsError: it is not there, or no file of results.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            message = f"{path}: {error.strerror}"
            raise ResultsError(message) from error
        said = list(_parsed(path, lines))
        if not said or said[0].get("type") != "run" or said[0].get("format") != FORMAT:
            message = f"{path}:1: no results of format {FORMAT}; the first line is no such header"
            raise ResultsError(message)
        footer = said[-1] if said[-1]["type"] == "end" else None
        cells = [
            CellResult(**{name: value for name, value in line.items() if name != "type"})
            for line in said
            if line["type"] == "cell"
        ]
        return cls(said[0], cells, footer)


class ResultsWriter:
    """Writes the results of a run into a file, line by line, each flushed.

    Args:
        path: the file, which is replaced; its directory is made when missing.
        releases: the releases that are run.
    """

    def __init__(self, path: Path, releases: Iterable[str]) -> None:
        """Write the header."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("w", encoding="utf-8")
        self._verdicts: Counter[str] = Counter()
        self._write(
            type="run",
            format=FORMAT,
            suite=_suite_version(),
            releases=list(releases),
            platform=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            started=_now(),
        )

    def add(self, cell: CellResult) -> None:
        """Write a cell."""
        self._verdicts[cell.verdict] += 1
        self._write(type="cell", **attrs.asdict(cell))

    def end(self, exit_code: int) -> None:
        """Write the footer: the run has come to its end."""
        verdicts = {kind: self._verdicts[kind] for kind in VERDICTS}
        total = self._verdicts.total()
        self._write(type="end", cells=total, **verdicts, exit_code=exit_code, ended=_now())
        self.close()

    def close(self) -> None:
        """Close the file, without a footer if there was none."""
        self._file.close()

    def _write(self, **line: Any) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


def as_json(value: Any) -> Any:
    """Return a record, or any value in one, as JSON; a matcher as it is written."""
    if isinstance(value, (Matcher, Between, Either, Every)):
        return repr(value)
    if attrs.has(type(value)):
        return as_json(fields_of(value))
    if isinstance(value, Mapping):
        return {str(key): as_json(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(member) for member in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


def differences_as_json(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """Return differences as a line of results holds them."""
    return [
        {"field": one.name, "expected": as_json(one.expected), "seen": as_json(one.seen)}
        for one in differences
    ]


def _parsed(path: Path, lines: Sequence[str]) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
        except ValueError as error:
            if number == len(lines):
                return
            message = f"{path}:{number}: no JSON: {error}"
            raise ResultsError(message) from error
        if not isinstance(said, dict) or "type" not in said:
            message = f"{path}:{number}: no line of results"
            raise ResultsError(message)
        yield said


def _suite_version() -> str:
    try:
        return version_of_package("codex-auth-scenarios")
    except PackageNotFoundError:
        return "unknown"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
