"""Files of results as a run writes them, for the tests of what is drawn from them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from harness.results import (
    CellResult,
    ResultsWriter,
    ScenarioResult,
    StageResult,
    header_of,
    line_of,
)

RECORDED: Final = Path(__file__).parent / "data" / "expired.jsonl"
"""A real run of one scenario on 0.163.0."""

VARYING: Final = re.compile(
    r'(?P<time>"at": [\d.]+)|(?P<verdict>"verdict": "passed")|\b[0-9a-f]{8}-[0-9a-f]{4}-'
)
"""What differs from run to run of a scenario: times, verdicts, the beginnings of identifiers."""

HOME: Final = {"auth_json": None, "mode": None, "entries": ["config.toml"]}


def scenario(name: str, folder: str = "stored", **changes: Any) -> ScenarioResult:
    """Return the line of a scenario."""
    said: dict[str, Any] = {
        "scenario": name,
        "module": f"scenarios/{folder}/{name.partition('[')[0]}.py",
        "line": 3,
        "kind": "home",
        "description": f"The state {name}.\n\nMore about it.",
    }
    return ScenarioResult(**(said | changes))


def cell(name: str, probe: str = "read", release: str = "1.0.0", **changes: Any) -> CellResult:
    """Return the line of a cell."""
    said: dict[str, Any] = {
        "scenario": name,
        "module": f"scenarios/stored/{name.partition('[')[0]}.py",
        "probe": probe,
        "release": release,
        "verdict": "passed",
        "seen": {"account": None},
        "expected": {"account": None},
        "again": f"nox -s scenarios -- -n 0 '{name}::{probe}'",
    }
    return CellResult(**(said | changes))


def stage(name: str, release: str = "1.0.0", **changes: Any) -> StageResult:
    """Return the line of a stage."""
    said: dict[str, Any] = {
        "scenario": name,
        "release": release,
        "stage": "session",
        "probes": ["read", "turn"],
        "seconds": 0.5,
        "cpu_seconds": 0.25,
        "processes": 1,
        "before": HOME,
        "after": HOME,
    }
    return StageResult(**(said | changes))


def request(endpoint: str, **changes: Any) -> Mapping[str, Any]:
    """Return a request of a stage."""
    method, path = endpoint.split(" ")
    said = {"bearer": None, "account_id": None, "fedramp": None, "body": "", "status": 200}
    return {"method": method, "path": path, "at": 0.5, **said, **changes}


def write(
    path: Path,
    *results: ScenarioResult | StageResult | CellResult,
    releases: Iterable[str] = ("1.0.0",),
    ends: bool = True,
) -> Path:
    """Write results, in which each cell follows all that belongs to it, as a run of them does."""
    writer = ResultsWriter(path, header_of(releases))
    told, stages = "", list[str]()
    for one in results:
        if isinstance(one, ScenarioResult):
            told = line_of(one)
        elif isinstance(one, StageResult):
            stages.append(line_of(one))
        else:
            writer.add(told, stages, line_of(one), one.verdict)
            stages.clear()
    if ends:
        writer.end(0)
    else:
        writer.close()
    return path


def write_many(path: Path, *, scenarios: int, releases: int) -> Path:
    """Write a run as large as asked for: the recorded one, varied in all that varies in fact.

    Each state has a workspace and an address of its own; each run of it other identifiers and
    times; one cell in fifty differs.
    """
    random = Random(1)  # noqa: S311 - no secret
    header, *recorded = RECORDED.read_text(encoding="utf-8").splitlines()
    ran = [f"0.{100 + number}.0" for number in range(releases)]

    def varied(found: re.Match[str]) -> str:
        if found["time"]:
            return f'"at": {random.random():.3f}'
        if found["verdict"]:
            return f'"verdict": "{random.choices(["passed", "failed"], [49, 1])[0]}"'
        return f"{random.getrandbits(32):08x}{found[0][8:]}"

    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({**json.loads(header), "releases": ran}) + "\n")
        for number in range(scenarios):
            for release in ran:
                for line in recorded:
                    text = line.replace('"expired"', f'"state_{number:03}"')
                    text = text.replace(
                        "refresh/expired", f"folder_{number % 12}/state_{number:03}"
                    )
                    text = text.replace("someone@", f"someone-{number}@").replace(
                        "0.163.0", release
                    )
                    text = text.replace("workspace-1", f"workspace-{number}")
                    file.write(VARYING.sub(varied, text) + "\n")
    return path
