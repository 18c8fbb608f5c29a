"""Running the suite as a user does, in a process of its own, for the tests of the whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

ROOT: Final = Path(__file__).parent.parent
DEADLINE: Final = 120

KILLED_BY: Final = "killed by"
"""What a test of a mutant tells of it: the probes that noticed."""


@frozen
class Outcome:
    """What a run of pytest printed, and its exit code."""

    exit_code: int
    text: str

    @property
    def failed(self) -> set[str]:
        """The ids of the cells that failed."""
        return set(re.findall(r"^(?:FAILED|HANG|CRASH) (\S+)", self.text, re.MULTILINE))

    @property
    def errors(self) -> set[str]:
        """The ids of the cells that the harness could not try."""
        return set(re.findall(r"^ERROR (\S+)", self.text, re.MULTILINE))


def command(*arguments: str | Path) -> list[str]:
    """Return the command that runs pytest with the plugin and nothing that it remembers."""
    options = (
        "-p",
        "harness.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-rfE",
        "--color=no",
        "--rootdir=.",
    )
    return [sys.executable, "-m", "pytest", *options, *map(str, arguments)]


def environment(**changes: str) -> Mapping[str, str]:
    """Return the environment of a run, without what pytest, xdist or a CI set for this one."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "CODEX_", "GITHUB_"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def run_suite(*arguments: str | Path, cwd: Path = ROOT, **environ: str) -> Outcome:
    """Run the suite in ``cwd`` and return what came of it."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    return Outcome(done.returncode, done.stdout)


def write_scenarios(directory: Path, modules: Mapping[str, str]) -> Path:
    """Write modules, by name, into ``directory / "scenarios"``; return ``directory``."""
    (directory / "scenarios").mkdir(parents=True)
    (directory / "pytest.ini").write_text("[pytest]\n")
    for name, source in modules.items():
        (directory / "scenarios" / f"{name}.py").write_text(source)
    return directory


def cells(scenario: str, probes: Iterable[str]) -> set[str]:
    """Return the ids of the cells of a scenario."""
    return {f"scenarios/{scenario}.py::{probe}" for probe in probes}
