"""Results as data: what a run saw, as JSON lines, written as it goes.

A header; the plan; a line for each scenario, ahead of its first cell; a line for each stage, with
all the evidence that its cells share; a line for each cell, with what was seen and the verdict; a
footer. A file without its footer is what an interrupted run has left. ``results.schema.json``
beside this module describes every line.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of_package
from pathlib import Path
from typing import IO, Any, Final, Literal, Self, cast, get_args

import attrs
from attrs import frozen

from harness.declare.modules import Declared
from harness.errors import PlainError
from harness.judge.judge import Difference
from harness.seen.inert import ESCAPED, inert_json
from harness.seen.journal import Request
from harness.seen.records import Between, Either, Every, Kind, Matcher, fields_of
from harness.shards.plan import Plan
from harness.shards.shard import WHOLE, Shard
from harness.suite.stages import Evidence, Stage

FORMAT: Final = 2
"""Counts up when a reader of older files would misread newer ones."""

MESSAGE_LIMIT: Final = 4000
"""Characters of a message, or of the body of a request, that are kept."""

Verdict = Literal["passed", "failed", "hang", "crash", "error", "not applicable"]

VERDICTS: Final[tuple[str, ...]] = get_args(Verdict)


class ResultsError(PlainError):
    """A file of results that cannot be read; the message names the file, the line and why."""


@frozen(kw_only=True)
class ScenarioResult:
    """One line of results: a scenario, as its module declares it.

    Args:
        scenario: its id, ``"expired_refresh_dead[reused]"``.
        module: its module, relative to where the run was started.
        line: where the module declares it, from 1.
        kind: what it is driven by, ``"home"``, ``"host"`` or ``"story"``.
        description: the docstring of the module.
    """

    scenario: str
    module: str
    line: int
    kind: Kind
    description: str

    @classmethod
    def of(cls, declared: Declared, module: str) -> Self:
        """Return the line of a scenario that ``module`` declares."""
        return cls(
            scenario=declared.id,
            module=module,
            line=declared.line,
            kind=declared.scenario.kind,
            description=declared.description,
        )


@frozen(kw_only=True)
class StageResult:
    """One line of results: what stands behind the cells of a stage, tokens by name.

    Args:
        scenario, release: as for its cells.
        stage: its name.
        probes: the probes that it has.
        seconds: how long it took.
        cpu_seconds: the processor time of its Codex processes.
        processes: how many of them it started.
        transcript: the JSON-RPC messages in order, each with ``at`` (seconds since its process
            was started), ``sender`` and ``message``.
        requests: what the backend received, in order, each as ``harness.seen.journal.Request``.
        before, after: what the home held, with ``auth_json``, ``mode`` and ``entries``.
        stderr: what Codex wrote to standard error.
        seen_in: the scenario in which all this was seen, where this stage cannot tell the two
            apart; ``""`` for its own.
        endings: how each of its processes ended, ``"codex app-server: killed by SIGSEGV"``.
    """

    scenario: str
    release: str
    stage: str
    probes: Sequence[str]
    seconds: float
    cpu_seconds: float
    processes: int
    transcript: Sequence[Mapping[str, Any]] = ()
    requests: Sequence[Mapping[str, Any]] = ()
    before: Mapping[str, Any] = attrs.field(factory=dict)
    after: Mapping[str, Any] = attrs.field(factory=dict)
    stderr: str = ""
    seen_in: str = ""
    endings: Sequence[str] = ()

    @classmethod
    def of(cls, declared: Declared, release: str, stage: Stage, evidence: Evidence) -> Self:
        """Return the line of a stage; of a long message or body, only its beginning as text."""
        return cls(
            scenario=declared.id,
            release=release,
            stage=stage.name,
            probes=stage.probes,
            seconds=round(evidence.seconds, 3),
            cpu_seconds=round(evidence.cpu_seconds, 3),
            processes=evidence.processes,
            transcript=[
                {
                    "at": round(line.at, 3),
                    "sender": line.sender,
                    "message": _shortened(line.message),
                }
                for line in evidence.transcript
            ],
            requests=[_request(request) for request in evidence.journal],
            before=evidence.before,
            after=evidence.after,
            stderr=evidence.stderr,
            seen_in=evidence.seen_in,
            endings=evidence.endings,
        )


def _request(request: Request) -> Mapping[str, Any]:
    """Return a request without its headers, of which all that tells one from another is told."""
    told = {name: value for name, value in _members(request).items() if name != "headers"}
    return {**told, "body": _shortened(request.body)}


@frozen(kw_only=True)
class CellResult:
    """One line of results: a probe of a scenario on a release.

    Args:
        scenario: the id of the scenario.
        module: its module.
        probe: the probe; ``"module"`` for a module that could not be loaded.
        release: the release of Codex, ``"0.163.0"``; ``""`` for such a module.
        verdict: ``"hang"`` and ``"crash"`` are failures, too: Codex did not do in time what was
            waited for, or ended; ``"error"`` is a fault of the harness or of the module;
            ``"not applicable"`` a state that this release cannot have, for the reason in ``text``.
        seen: the record of the probe, as JSON; ``None`` where there is none.
        expected: what it should have been, as JSON; ``None`` where nothing was judged.
        differences: where the two differ, each with ``field``, ``expected``, ``seen``.
        text: what a person reads of a failure or an error.
        again: the command that runs this cell again.
    """

    scenario: str
    module: str
    probe: str
    release: str
    verdict: Verdict
    seen: Mapping[str, Any] | None = None
    expected: Mapping[str, Any] | None = None
    differences: Sequence[Mapping[str, Any]] = ()
    text: str = ""
    again: str = ""


Result = ScenarioResult | StageResult | CellResult
Line = Plan | Result

TYPES: Final[Mapping[str, type[Result]]] = {
    "scenario": ScenarioResult,
    "stage": StageResult,
    "cell": CellResult,
}
"""What a line is called."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
_TYPE_OF: Final = {kind: name for name, kind in TYPES.items()}


@frozen
class Results:
    """The results of a run.

    Args:
        header: what was run: ``format``, ``suite`` (its version), ``releases``, ``platform``,
            ``python``, ``started`` (UTC), ``shard`` (of how many, ``"2/5"``).
        cells: what came of it.
        footer: ``cells`` (how many), a number for each verdict, ``exit_code``, ``ended`` (UTC);
            ``None`` for a run that did not come to its end.
        scenarios: what their modules say, by id.
        stages: the evidence.
        plan: all that was to be run, on whatever machine; ``None`` for a run that was interrupted
            before it had one.
    """

    header: Mapping[str, Any]
    cells: Sequence[CellResult]
    footer: Mapping[str, Any] | None
    scenarios: Mapping[str, ScenarioResult] = attrs.field(factory=dict)
    stages: Sequence[StageResult] = ()
    plan: Plan | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; the last line of an interrupted run may be torn, and is left out.

        Raises:
            ResultsError: it is not there, or no file of results.
        """
        header, *rest = read_lines(path)
        found = [one for one in rest if not isinstance(one, Mapping)]
        footer = rest[-1] if rest and isinstance(rest[-1], Mapping) else None
        return cls(
            header=cast("Mapping[str, Any]", header),
            cells=[one for one in found if isinstance(one, CellResult)],
            footer=footer,
            scenarios={one.scenario: one for one in found if isinstance(one, ScenarioResult)},
            stages=[one for one in found if isinstance(one, StageResult)],
            plan=next((one for one in found if isinstance(one, Plan)), None),
        )


def read_lines(path: Path) -> Iterator[Mapping[str, Any] | Line]:
    """Yield the header, the plan, the results one by one, and the footer.

    A run that was interrupted has no footer, and the last line of it may be torn; that is left out.

    Raises:
        ResultsError: the file is not there, or no file of results.
    """
    try:
        with path.open(encoding="utf-8") as file:
            yield from _read(path, file)
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise ResultsError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: no text: {error}"
        raise ResultsError(message) from error


class ResultsWriter:
    """Writes the results of a run into a file, line by line, each flushed.

    Args:
        path: the file, which is replaced; its directory is made when missing.
        header: what is run, as ``header_of`` says it.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        """Write the header."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("w", encoding="utf-8")
        self._verdicts: Counter[str] = Counter()
        self._scenarios: set[str] = set()
        self._write(_as_line(**header))

    def plan(self, plan: Plan) -> None:
        """Write what is to be run, once it is known and before any cell."""
        self._write(_as_line(type="plan", **plan.as_json()))

    def add(self, scenario: str, stages: Iterable[str], cell: str, verdict: Verdict) -> None:
        """Write a cell, and before it all that has to stand there.

        Args:
            scenario: the line of its scenario, which is written once; ``""`` for none, or if it was
                told of before.
            stages: the lines of the stages that were run for this cell.
            cell: its own line.
            verdict: its verdict.
        """
        if scenario and scenario not in self._scenarios:
            self._scenarios.add(scenario)
            self._write(scenario)
        for line in (*stages, cell):
            self._write(line)
        self._verdicts[verdict] += 1

    def end(self, exit_code: int, ended: str = "") -> None:
        """Write the footer: the run has come to its end, by default at this moment."""
        verdicts = {kind: self._verdicts[kind] for kind in VERDICTS}
        total = self._verdicts.total()
        footer = {"cells": total, **verdicts, "exit_code": exit_code}
        self._write(_as_line(type="end", **footer, ended=ended or _now()))
        self.close()

    def close(self) -> None:
        """Close the file, without a footer if there was none."""
        self._file.close()

    def _write(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()


def header_of(releases: Iterable[str], shard: Shard = WHOLE) -> Mapping[str, Any]:
    """Return the header of a run that begins at this moment.

    Args:
        releases: the releases that are run.
        shard: which part of the plan is run.
    """
    return {
        "type": "run",
        "format": FORMAT,
        "suite": _suite_version(),
        "releases": list(releases),
        "platform": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "started": _now(),
        "shard": str(shard),
    }


def line_of(result: Result) -> str:
    """Return the line that ``result`` is in a file of results.

    Workers of a run make theirs themselves: text travels from them at less cost than data.
    """
    return _as_line(type=_TYPE_OF[type(result)], **_members(result))


def as_json(value: Any) -> Any:
    """Return a record, or any value in one, as JSON; a matcher as it is written."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [as_json(member) for member in value]
    if isinstance(value, Mapping):
        return {str(key): as_json(member) for key, member in value.items()}
    if isinstance(value, (Matcher, Between, Either, Every)) or not attrs.has(type(value)):
        return repr(value)
    return as_json(fields_of(value))


def differences_as_json(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """Return differences as a line of results holds them."""
    return [
        {"field": one.name, "expected": as_json(one.expected), "seen": as_json(one.seen)}
        for one in differences
    ]


def parsed_lines(path: Path, lines: Iterable[str | bytes]) -> Iterator[Mapping[str, Any]]:
    """Yield every line of a file of results as data, the header first.

    Args:
        path: the file, for the message of an error.
        lines: what stands in it; as many are read as were asked for.

    Raises:
        ResultsError: it is no file of results.
    """
    said = _parsed(path, lines)
    header = next(said, {})
    if header.get("type") != "run" or header.get("format") != FORMAT:
        message = f"{path}:1: no results of format {FORMAT}; the first line is no such header"
        raise ResultsError(message)
    yield header
    yield from said


def _read(path: Path, file: Iterable[str]) -> Iterator[Mapping[str, Any] | Line]:
    for number, line in enumerate(parsed_lines(path, file), start=1):
        try:
            yield _line(line)
        except (KeyError, TypeError) as error:
            message = f"{path}:{number}: no line of results: {error}"
            raise ResultsError(message) from error


def _line(said: Mapping[str, Any]) -> Mapping[str, Any] | Line:
    """Return what a line says; a header or a footer as it is."""
    if said["type"] == "plan":
        return Plan.from_json(said)
    kind = TYPES.get(said["type"])
    return kind(**{name: said[name] for name in said if name != "type"}) if kind else said


def _parsed(path: Path, lines: Iterable[str | bytes]) -> Iterator[dict[str, Any]]:
    torn = ""
    for number, line in enumerate(lines, start=1):
        if torn:
            raise ResultsError(torn)
        try:
            said = json.loads(line)
        except (ValueError, RecursionError) as error:
            # Of an interrupted run the last line is what had been written of it.
            torn = f"{path}:{number}: no JSON: {error}"
            continue
        if not isinstance(said, dict) or "type" not in said:
            message = f"{path}:{number}: no line of results"
            raise ResultsError(message)
        written = line if isinstance(line, bytes) else line.encode(errors="replace")
        # A file may come from anywhere, and what it says is shown to people.
        yield inert_json(said) if ESCAPED.search(written) else said


def _members(value: Any) -> dict[str, Any]:
    """Return what an instance holds; ``attrs.asdict`` would copy all of it."""
    return {name: getattr(value, name) for name in attrs.fields_dict(type(value))}


def _shortened(message: Any) -> Any:
    """Return a message or a body as it is, or the beginning of its text where that is long."""
    if not message:
        return message
    text = message if isinstance(message, str) else _ENCODER.encode(message)
    return message if len(text) <= MESSAGE_LIMIT else f"{text[:MESSAGE_LIMIT]}…"


def _as_line(**members: Any) -> str:
    return _ENCODER.encode(members)


def _suite_version() -> str:
    try:
        return version_of_package("codex-auth-scenarios")
    except PackageNotFoundError:
        return "unknown"


def _now() -> str:
    # Where several files have a cell, it tells which is the newest.
    return datetime.now(UTC).isoformat(timespec="microseconds")
