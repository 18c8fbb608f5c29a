"""What a Codex is started through where a scenario wants more than a home and an environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from harness.declare.scenario import Scenario

MOUNT: Final = '"$0" --bind "$1" /etc && shift && exec "$@"'
"""Makes a directory the ``/etc`` of all that follows: ``sh -c MOUNT mount DIRECTORY WORD …``."""


class ConfinementError(Exception):
    """This machine cannot give Codex what a scenario wants around it; the message says what."""


def launcher(scenario: Scenario, etc: Path) -> Sequence[str]:
    """Return the words that go before every command of Codex in ``scenario``, most often none.

    ``etc``: what Codex is to find as ``/etc``.

    Raises:
        ConfinementError: that is not possible here.
    """
    if scenario.requirements is None:
        return ()
    why = _no_namespace()
    if why:
        message = f"requirements of the machine need a mount namespace: {why}"
        raise ConfinementError(message)
    return _with_etc(etc)


def impossible(scenario: Scenario) -> str:
    """Return why ``scenario`` cannot be tried on this machine; ``""``: it can."""
    try:
        launcher(scenario, Path())
    except ConfinementError as error:
        return str(error)
    return ""


def _with_etc(etc: Path) -> Sequence[str]:
    namespace = (_path_of("unshare"), "--user", "--map-root-user", "--mount", "--")
    return (*namespace, _path_of("sh"), "-c", MOUNT, _path_of("mount"), str(etc))


@cache
def _no_namespace() -> str:
    if sys.platform != "linux":
        return "only Linux has them"
    try:
        tried = [*_with_etc(Path(tempfile.gettempdir())), _path_of("true")]
        done = subprocess.run(tried, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return "" if not done.returncode else done.stderr.strip() or f"exit code {done.returncode}"


def _path_of(program: str) -> str:
    return shutil.which(program) or program
