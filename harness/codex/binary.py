"""The Codex under test: which binary, which release."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from functools import cached_property
from importlib import import_module
from pathlib import Path

from attrs import frozen
from packaging.version import Version

from harness.errors import PlainError
from harness.namespaces import cut_off

SCRIPT = b"#!"
VERSION_DEADLINE = 30.0
PINNED = "openai-codex-cli-bin"


class CodexNotFoundError(PlainError):
    """There is no Codex to test; the message says what was tried and what to do."""


@frozen
class Codex:
    """A Codex to run.

    Args:
        path: the executable.
        version: what ``--version`` says, for example ``"0.163.0"``.
        word: how ``--codex`` is told to run it; empty for the pinned one, which needs no telling.
    """

    path: Path
    version: str
    word: str = ""

    @cached_property
    def release(self) -> Version:
        """The version as a number that compares; an unreleased build counts as its release."""
        return Version(Version(self.version.partition("-")[0]).base_version)

    @cached_property
    def is_script(self) -> bool:
        """Whether it starts with ``#!``, as npm's launcher does, and so needs its interpreter."""
        with self.path.open("rb") as file:
            return file.read(len(SCRIPT)) == SCRIPT


def pinned_codex() -> Path:
    """Return the Codex of the installed package ``openai-codex-cli-bin``.

    Raises:
        CodexNotFoundError: the package is not installed.
    """
    try:
        path: Path = import_module("codex_cli_bin").bundled_codex_path()
    except ImportError as error:
        message = f"no Codex: install {PINNED} (nox -s scenarios does) or give --codex PATH"
        raise CodexNotFoundError(message) from error
    return path


def is_pinned(codex: Codex) -> bool:
    """Whether ``codex`` is the one of the installed package."""
    try:
        return codex.path == pinned_codex()
    except CodexNotFoundError:
        return False


def find_codex(path: Path | None = None) -> Codex:
    """Return the Codex at ``path``, by default the pinned one, and ask it for its version.

    Raises:
        CodexNotFoundError: nothing executable is there, or it names no version.
    """
    executable = (path or pinned_codex()).expanduser().absolute()
    try:
        asked = cut_off(lambda: _ask_for_version(executable))
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"--codex {executable} cannot be run: {error}"
        raise CodexNotFoundError(message) from error
    found = re.search(r"\d+\.\d+\.\d+\S*", asked.stdout)
    if not found:
        said = (asked.stdout + asked.stderr).strip() or f"nothing, exit code {asked.returncode}"
        message = f"--codex {executable} --version names no version; it said: {said}"
        raise CodexNotFoundError(message)
    return Codex(executable, found[0], word="" if path is None else str(executable))


def _ask_for_version(executable: Path) -> subprocess.CompletedProcess[str]:
    """Run ``--version`` with a home of its own: even that writes into the codex home (0.163.0)."""
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-version-") as home:
        return subprocess.run(
            [executable, "--version"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={"CODEX_HOME": home, "HOME": home, "PATH": os.environ.get("PATH", os.defpath)},
            text=True,
            timeout=VERSION_DEADLINE,
            check=False,
        )
