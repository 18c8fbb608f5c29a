"""The results as CTRF, the Common Test Report Format (https://ctrf.io), version 0.0.0."""

from __future__ import annotations

import json
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest

from harness.report.judged import Judged
from harness.results import Verdict

STATUSES: Final[dict[Verdict, str]] = {
    "passed": "passed",
    "failed": "failed",
    "hang": "failed",
    "crash": "failed",
    "error": "failed",
    "not applicable": "skipped",
}
"""What each verdict is called there; it stands beside as the raw status."""

ALL_STATUSES: Final = ("passed", "failed", "skipped", "pending", "other")
TOOL: Final = "codex-auth-scenarios"
MILLISECONDS: Final = 1000


class CtrfPlugin:
    """Writes what came of each cell into a file, at the end of the run.

    Args:
        path: the file, which is replaced; its directory is made when missing.
    """

    def __init__(self, path: Path) -> None:
        """Know of no cell yet."""
        self._path = path
        self._tests: list[dict[str, Any]] = []
        self._started = _now()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of a cell."""
        judged = Judged.of(report)
        if judged:
            self._tests.append(_test(judged))

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        counts = Counter(test["status"] for test in self._tests)
        summary = {
            "tests": len(self._tests),
            **{status: counts[status] for status in ALL_STATUSES},
            "start": self._started,
            "stop": _now(),
        }
        document = {
            "reportFormat": "CTRF",
            "specVersion": "0.0.0",
            "generatedBy": TOOL,
            "results": {
                "tool": {"name": TOOL, "version": version(TOOL)},
                "summary": summary,
                "tests": self._tests,
            },
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def _test(judged: Judged) -> dict[str, Any]:
    on = f" on {judged.release}" if judged.release else ""
    test: dict[str, Any] = {
        "name": f"{judged.scenario}: {judged.probe}{on}",
        "status": STATUSES[judged.verdict],
        "rawStatus": judged.verdict,
        "duration": round(judged.seconds * MILLISECONDS),
        "suite": [judged.folder, judged.scenario],
        "filePath": judged.module,
        "line": judged.line,
        "labels": {
            "scenario": judged.scenario,
            "probe": judged.probe,
            "release": judged.release,
        },
    }
    if judged.text:
        test |= {"message": judged.in_short, "trace": judged.text}
    return test


def _now() -> int:
    return round(time.time() * MILLISECONDS)
