"""The page: what was gathered, packed into one HTML file that needs nothing else.

The matrix is unpacked when the page opens, what was seen when a view first asks for it, and the
evidence of a scenario when one of its cells is opened.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any, Final

from harness.report.page.gather import Gathered, Row, classes, compact, folder_of
from harness.report.page.signals import signals
from harness.results import Verdict
from harness.seen.records import PROBES

STATIC: Final = files("harness.report.page") / "static"
SCRIPTS: Final = (
    *("dom", "data", "state", "matrix", "evidence", "drift", "signals", "requests"),
    "main",
)
"""The parts of the script, in their order."""

MARKS: Final[Mapping[Verdict, str]] = {
    "passed": "p",
    "failed": "f",
    "hang": "h",
    "crash": "c",
    "error": "e",
    "not applicable": "n",
}
"""The letters of verdicts."""

NOT_RUN: Final = "."


def page(gathered: Gathered) -> str:
    """Return the page as HTML; whatever the results hold stands in it as base64 only."""
    style = _static("page.css")
    script = "\n".join(_static(f"{name}.js") for name in SCRIPTS)
    # The script stands behind the matrix and ahead of all else, which it need not wait for.
    index, *rest = (
        f'<script type="application/gzip" id="{name}">{_packed(text)}</script>'
        for name, text in chunks(gathered).items()
    )
    return Template(_static("page.html")).substitute(
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        index=index,
        rest="\n".join(rest),
    )


def chunks(gathered: Gathered) -> Mapping[str, str]:
    """Return the data of the page, JSON by the id that the script knows it by."""
    numbers = {name: number for number, name in enumerate(gathered.rows)}
    used = [set(_used(row)) for row in gathered.rows.values()]
    often = Counter(number for of_row in used for number in of_row)
    in_several = sorted(number for number, times in often.items() if times > 1)
    shared = {number: place for place, number in enumerate(in_several)}
    return {
        "index": compact(_index(gathered)),
        "seen": _seen(gathered),
        "shared": f"[{','.join(gathered.texts[number] for number in shared)}]",
        **{
            f"evidence-{numbers[name]}": _evidence(gathered, row, of_row, shared)
            for (name, row), of_row in zip(gathered.rows.items(), used, strict=True)
        },
    }


def _index(gathered: Gathered) -> Mapping[str, Any]:
    probes = {probe for row in gathered.rows.values() for probe, _ in row.cells}
    return {
        "runs": [
            {name: run.get(name) for name in ("file", "started", "ended", "platform", "suite")}
            for run in gathered.runs
        ],
        "releases": gathered.releases,
        "probes": [
            *(probe for probe in PROBES if probe in probes),
            *sorted(probes.difference(PROBES)),
        ],
        "scenarios": [
            {
                "id": name,
                "folder": folder_of(row.module),
                "module": row.module,
                "line": row.told.line if row.told else 1,
                "kind": row.told.kind if row.told else "",
                "description": row.told.description if row.told else "",
                "cells": dict(_marks(row, gathered.releases)),
            }
            for name, row in gathered.rows.items()
        ],
    }


def _marks(row: Row, releases: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield for each probe a mark a release, and the numbers of what was seen alike."""
    for probe in dict.fromkeys(probe for probe, _ in row.cells):
        cells = [row.cells.get((probe, release)) for release in releases]
        marks = "".join(MARKS[cell.verdict] if cell else NOT_RUN for cell in cells)
        yield probe, [marks, list(classes(cells))]


def _seen(gathered: Gathered) -> str:
    """Return what was seen, for the views that compare: by scenario and release.

    Each record, each count of requests and each set of signals stands once, in ``values``.
    """
    values: dict[str, int] = {}

    def place(text: str) -> int:
        return values.setdefault(text, len(values))

    scenarios = []
    for row in gathered.rows.values():
        records = {
            probe: [
                place(gathered.texts[cell.steady]) if cell else None
                for cell in (row.cells.get((probe, release)) for release in gathered.releases)
            ]
            for probe in dict.fromkeys(probe for probe, _ in row.cells)
        }
        requests = [place(compact(_counts(row, release))) for release in gathered.releases]
        signed_in = [place(compact(_signals(gathered, row, one))) for one in gathered.releases]
        scenarios.append({"records": records, "requests": requests, "signals": signed_in})
    return f'{{"values":[{",".join(values)}],"scenarios":{compact(scenarios)}}}'


def _counts(row: Row, release: str) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for (_, of_stage), stage in row.stages.items():
        if of_stage == release:
            counts.update(stage.counts)
    return dict(sorted(counts.items()))


def _signals(gathered: Gathered, row: Row, release: str) -> Sequence[tuple[bool | None, str]]:
    """Return the four signals; none for a scenario whose story says itself what is done."""
    session = row.stages.get(("session", release))
    records = [
        json.loads(gathered.texts[cell.seen]) if cell else None
        for cell in (row.cells.get((probe, release)) for probe in ("cli_status", "read", "turn"))
    ]
    if session is None:
        return ()
    before = json.loads(gathered.texts[session.before])
    return [(one.signed_in, one.words) for one in signals(before, *records)]


def _used(row: Row) -> Iterator[int]:
    """Yield the numbers of the texts that the evidence of a scenario consists of."""
    for cell in row.cells.values():
        yield from (cell.seen, cell.expected, cell.differences, cell.text, cell.again)
    for stage in row.stages.values():
        yield from (stage.before, stage.after, stage.stderr)
        yield from (message for _, _, message in stage.transcript)
        for _, request, body in stage.requests:
            yield from (request, body)


def _evidence(gathered: Gathered, row: Row, used: set[int], shared: Mapping[int, int]) -> str:
    """Return what stands behind the cells of a scenario.

    A number from 0 on is a value in ``values``; a negative one is -1 less its place in what is
    shared by all scenarios.
    """
    own = {number: place for place, number in enumerate(sorted(used.difference(shared)))}

    def place(number: int) -> int:
        return own[number] if number in own else -1 - shared[number]

    of_release = {release: number for number, release in enumerate(gathered.releases)}
    cells: dict[str, dict[int, Any]] = {}
    for (probe, release), cell in row.cells.items():
        cells.setdefault(probe, {})[of_release[release]] = [
            place(number)
            for number in (cell.seen, cell.expected, cell.differences, cell.text, cell.again)
        ]
    stages: dict[int, dict[str, Any]] = {}
    for (name, release), stage in row.stages.items():
        stages.setdefault(of_release[release], {})[name] = {
            "probes": stage.probes,
            "cost": [stage.seconds, stage.cpu_seconds, stage.processes],
            "transcript": [
                [at, "hc".index(sender[:1]), place(message)]
                for at, sender, message in stage.transcript
            ],
            "requests": [[at, place(request), place(body)] for at, request, body in stage.requests],
            "home": [place(stage.before), place(stage.after)],
            "stderr": place(stage.stderr),
            "seen_in": stage.seen_in,
            "endings": stage.endings,
        }
    values = ",".join(gathered.texts[number] for number in own)
    return f'{{"values":[{values}],"cells":{compact(cells)},"stages":{compact(stages)}}}'


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
