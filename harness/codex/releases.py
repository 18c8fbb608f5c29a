"""Releases of Codex by number: which there are, and which of them a word on the command line means.

Stable releases are published on PyPI as ``openai-codex-cli-bin`` (0.133.0 on, with gaps) and on npm
as ``@openai/codex`` (all of them). Both are asked through their ordinary clients, pip and npm, and
so through whatever index those are configured with.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of_package
from pathlib import Path
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from harness.codex.binary import PINNED, Codex, CodexNotFoundError, find_codex, pinned_codex

NPM_PACKAGE: Final = "@openai/codex"
CLIENT_DEADLINE: Final = 120.0
"""Seconds that a client has to list what there is."""


class ReleaseError(CodexNotFoundError):
    """A release that does not exist or cannot be had; the message says what was tried."""


def pip(*arguments: str) -> list[str]:
    """Return the command of pip, as it is installed beside the harness."""
    quiet = ("--disable-pip-version-check", "--no-input", "--no-color")
    return [sys.executable, "-m", "pip", *arguments, *quiet]


def listed_releases() -> Sequence[Version]:
    """Return every stable release that PyPI or npm lists, the oldest first.

    Raises:
        ReleaseError: neither of them could be asked.
    """
    found: set[Version] = set()
    tried = []
    for name, ask in {"pip": _listed_by_pip, "npm": _listed_by_npm}.items():
        try:
            found |= {version for version in ask() if not version.is_prerelease}
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            tried.append(f"{name}: {error}")
    if not found:
        why = "; tried " + "; ".join(tried) if tried else ": pip and npm list none"
        message = f"the releases of Codex cannot be listed{why}"
        raise ReleaseError(message)
    return sorted(found)


def _listed_by_pip() -> Iterable[Version]:
    text = _ask(pip("index", "versions", PINNED))
    listed = re.search(r"^Available versions: (.+)$", text, re.MULTILINE)
    return map(Version, listed[1].split(", ")) if listed else ()


def _listed_by_npm() -> Iterable[Version]:
    listed = json.loads(_ask([npm(), "view", NPM_PACKAGE, "versions", "--json"]))
    # The packages of a platform stand among them as 0.156.0-linux-x64.
    return (Version(text) for text in listed if "-" not in text)


def npm() -> str:
    """Return the path of npm.

    Raises:
        OSError: it is not installed.
    """
    found = shutil.which("npm")
    if found is None:
        message = "npm is not installed"
        raise OSError(message)
    return found


def _ask(command: Sequence[str]) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=CLIENT_DEADLINE,
        check=False,
    )
    if done.returncode:
        raise subprocess.SubprocessError(reason(done.stderr) or f"exit code {done.returncode}")
    return done.stdout


def reason(text: str) -> str:
    """Return why a client failed, out of all that it said."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    of_npm = [
        re.sub(r"^npm (error|ERR!) ", "", line)
        for line in lines
        if re.match(r"npm (error|ERR!) (?!code |errno |syscall |path |dest |A complete log)", line)
    ]
    errors = of_npm[:1] or [line for line in lines if "error" in line.lower()]
    return (errors or lines or [""])[-1]


def is_release(word: str) -> bool:
    """Whether ``word`` is the number of a release: ``0.156.0``."""
    return re.fullmatch(r"\d+(\.\d+)+\S*", word) is not None


def is_range(word: str) -> bool:
    """Whether ``word`` is a range of releases: ``>=0.150,<0.160``."""
    return word.startswith(("<", ">", "=", "!", "~"))


def matching_releases(word: str, known: Iterable[Version]) -> Sequence[Version]:
    """Return the releases in ``known`` that a number, a range or ``latest`` means.

    Raises:
        ReleaseError: it means none of them, or is malformed.
    """
    try:
        if is_release(word):
            return [Version(word)]
        known = sorted(known)
        meant = known[-1:] if word == "latest" else list(SpecifierSet(word).filter(known))
    except (InvalidVersion, InvalidSpecifier) as error:
        message = f"--codex {word} is no release: {error}; write 0.156.0 or '>=0.150,<0.160'"
        raise ReleaseError(message) from error
    if not meant:
        message = f"--codex {word} means no release; there are {_ends(known)}"
        raise ReleaseError(message)
    return meant


def _ends(known: Sequence[Version]) -> str:
    return f"{known[0]} to {known[-1]}" if known else "none"


def local_codex(word: str) -> Codex | None:
    """Return the Codex for ``pinned`` or a path; ``None`` for a word that means a release.

    Raises:
        CodexNotFoundError: it is not there, or does not run.
    """
    if word == "pinned" or word == _pinned_release():
        return Codex(pinned_codex(), _pinned_release(), word="" if word == "pinned" else word)
    if is_release(word) or is_range(word) or word == "latest":
        return None
    return find_codex(Path(word))


def _pinned_release() -> str:
    """Return the release of the installed package, or nothing."""
    try:
        return version_of_package(PINNED)
    except PackageNotFoundError:
        return ""
