"""What a Codex is started through where a scenario wants more than a home and an environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from harness.declare.scenario import Scenario
from harness.errors import PlainError

MOUNT: Final = '"$0" --bind "$1" /etc && shift && exec "$@"'
"""Makes a directory the ``/etc`` of all that follows: ``sh -c MOUNT mount DIRECTORY WORD …``."""


IGNORE_MODES: Final = ("dac_override", "dac_read_search")
"""The capabilities with which root reads and writes what modes forbid."""


class ConfinementError(PlainError):
    """This machine cannot give Codex what a scenario wants around it; the message says what."""


def launcher(scenario: Scenario, etc: Path) -> Sequence[str]:
    """Return the words that go before every command of Codex in ``scenario``, most often none.

    ``etc``: what Codex is to find as ``/etc``.

    Raises:
        ConfinementError: that is not possible here.
    """
    words: list[str] = []
    if scenario.requirements is not None:
        _refuse_if(_no_namespace(), "requirements of the machine need a mount namespace")
        words += _with_etc(etc)
    if scenario.layout.forbids and (words or os.geteuid() == 0):
        _refuse_if(_no_setpriv(), "modes bind root only without its privileges")
        words += _bound_by_modes()
    return words


def _refuse_if(why: str, need: str) -> None:
    """Raise ``ConfinementError`` if there is a reason why this machine lacks what is needed."""
    if why:
        message = f"{need}: {why}"
        raise ConfinementError(message)


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


def _bound_by_modes() -> Sequence[str]:
    """Return what takes from root, the one of a namespace included, the right to ignore modes."""
    dropped = ",".join(f"-{name}" for name in IGNORE_MODES)
    return (_path_of("setpriv"), "--bounding-set", dropped, "--inh-caps", dropped, "--")


@cache
def _no_namespace() -> str:
    if sys.platform != "linux":
        return "only Linux has them"
    with tempfile.TemporaryDirectory() as etc:
        return _why_not([*_with_etc(Path(etc)), _path_of("true")])


@cache
def _no_setpriv() -> str:
    """Return why root cannot be made to keep to modes; ``""``: it can."""
    if sys.platform != "linux":
        return "only Linux can take them away"
    with tempfile.NamedTemporaryFile() as file:
        os.chmod(file.name, 0o400)
        refused = (_path_of("sh"), "-c", 'test ! -w "$0"', file.name)
        return _why_not([*_bound_by_modes(), *refused])


def _why_not(words: Sequence[str]) -> str:
    """Return why a command fails; ``""``: it does not."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return "" if not done.returncode else done.stderr.strip() or f"exit code {done.returncode}"


def _path_of(program: str) -> str:
    return shutil.which(program) or program
