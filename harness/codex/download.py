"""Downloading a release of Codex, through pip or npm, as they are configured."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from packaging.version import Version

from harness.codex.binary import PINNED
from harness.codex.releases import NPM_PACKAGE, ReleaseError, known_releases, npm, pip, reason

PLATFORMS: Final = {
    ("linux", "x86_64"): ("linux-x64", "x86_64-unknown-linux-musl"),
    ("linux", "aarch64"): ("linux-arm64", "aarch64-unknown-linux-musl"),
    ("darwin", "x86_64"): ("darwin-x64", "x86_64-apple-darwin"),
    ("darwin", "arm64"): ("darwin-arm64", "aarch64-apple-darwin"),
}
"""The name of a platform in npm's packages and the target triple in their paths."""

PROGRESS_SECONDS: Final = 2.0
NEAR: Final = 3
"""How many releases on each side of one that does not exist are named."""

Tell = Callable[[str], None]
"""Takes a line about the progress of a download."""


def platform_name() -> str:
    """Return the name of this platform, as npm's packages have it: ``linux-x64``."""
    return _platform()[0]


def download(version: Version, directory: Path, tell: Tell) -> tuple[str, Path]:
    """Download a release into ``directory``, which is empty.

    Returns:
        Where it came from, and the binary.

    Raises:
        ReleaseError: it cannot be had; the message says what was tried.
    """
    failures = []
    for source, command in _sources(version, directory):
        if isinstance(command, OSError):
            failures.append(f"{source}: {command}")
            continue
        said = _run(f"Codex {version} from {source}", command, directory, tell)
        binary = _unpacked(directory) if said is None else None
        if binary:
            return source, binary
        failures.append(f"{source}: {said or 'holds no Codex for this platform'}")
    message = f"Codex {version} cannot be had; tried {'; '.join(failures)}{_near(version)}"
    raise ReleaseError(message)


def _sources(version: Version, directory: Path) -> Iterator[tuple[str, Sequence[str] | OSError]]:
    """Yield where a release may be, and the command that gets it, or why that cannot be run."""
    wheel = ("--only-binary=:all:", "--no-deps", "--no-cache-dir", "--progress-bar=off")
    target = str(directory / "pypi")
    name = f"{PINNED}=={version}"
    yield f"PyPI ({name})", pip("install", name, "--target", target, *wheel)
    # Up to 0.98.0 one package holds every platform.
    options = ("--pack-destination", str(directory), "--cache", str(directory / "npm"))
    for spec in (f"{NPM_PACKAGE}@{version}-{platform_name()}", f"{NPM_PACKAGE}@{version}"):
        try:
            yield f"npm ({spec})", [npm(), "pack", spec, *options]
        except OSError as error:
            yield f"npm ({spec})", error


def _run(what: str, command: Sequence[str], directory: Path, tell: Tell) -> str | None:
    """Run a client; return ``None``, or what it said when it failed."""
    env = {**os.environ, "TMPDIR": str(directory)}
    with tempfile.TemporaryFile("w+", dir=directory) as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env
        )
        try:
            _wait(process, what, directory, tell)
        finally:
            process.kill()
            process.wait()
        output.seek(0)
        return reason(output.read()) if process.returncode else None


def _wait(process: subprocess.Popen[bytes], what: str, directory: Path, tell: Tell) -> None:
    started = time.monotonic()
    while True:
        try:
            process.wait(PROGRESS_SECONDS)
        except subprocess.TimeoutExpired:
            seconds = time.monotonic() - started
            tell(f"{what}: {_megabytes(directory):.0f} MB after {seconds:.0f} s")
        else:
            return


def _platform() -> tuple[str, str]:
    try:
        return PLATFORMS[sys.platform, platform.machine()]
    except KeyError as error:
        message = f"there is no Codex for {sys.platform} on {platform.machine()}"
        raise ReleaseError(message) from error


def _unpacked(directory: Path) -> Path | None:
    """Return the binary in what a client downloaded, out of npm's archive if it is in one."""
    _, triple = _platform()
    installed = directory / "pypi" / "codex_cli_bin" / "bin" / "codex"
    if installed.is_file():
        return installed
    for archive in directory.glob("*.tgz"):
        with tarfile.open(archive) as tar:
            for member in tar:
                if re.fullmatch(rf"package/vendor/{triple}/(codex|bin)/codex", member.name):
                    tar.extract(member, directory, filter="data")
                    return directory / member.name
        archive.unlink()
    return None


def _near(version: Version) -> str:
    """Return the releases on both sides of one that cannot be had, if they can be listed."""
    try:
        known = known_releases()
    except ReleaseError:
        return ""
    if version in known:
        return ""
    older = [str(one) for one in known if one < version][-NEAR:]
    newer = [str(one) for one in known if one > version][:NEAR]
    return f"; there are {', '.join(older + newer)}"


def _megabytes(directory: Path) -> float:
    sizes = 0
    for path in directory.rglob("*"):
        try:
            sizes += path.stat().st_size
        except OSError:
            continue
    return sizes / 1e6
