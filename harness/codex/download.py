"""Downloading a release of Codex, through pip or npm, as they are configured."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from packaging.version import Version

from harness.codex.binary import PINNED
from harness.codex.releases import NPM_PACKAGE, ReleaseError, listed_releases, npm, pip, reason

PLATFORMS: Final = {
    ("linux", "x86_64"): ("linux-x64", "x86_64-unknown-linux-musl"),
    ("linux", "aarch64"): ("linux-arm64", "aarch64-unknown-linux-musl"),
    ("darwin", "x86_64"): ("darwin-x64", "x86_64-apple-darwin"),
    ("darwin", "arm64"): ("darwin-arm64", "aarch64-apple-darwin"),
}
"""The name of a platform in npm's packages and the target triple in their paths."""

PROGRESS_SECONDS: Final = 2.0
STOP_SECONDS: Final = 0.2
"""How long an interruption may wait to be noticed."""

NEAR: Final = 3
"""How many releases on each side of one that does not exist are named."""

Tell = Callable[[str], None]
"""Takes a line about the progress of a download."""


def platform_name() -> str:
    """Return the name of this platform, as npm's packages have it: ``linux-x64``."""
    return _platform()[0]


def download(
    version: Version, directory: Path, tell: Tell, stop: threading.Event | None = None
) -> tuple[str, Path]:
    """Download a release into ``directory``, which is made when missing.

    Args:
        version: the release.
        directory: takes all that the clients write.
        tell: hears of the progress.
        stop: once set, the client that runs is killed, and no other is started.

    Returns:
        Where it came from, and the binary.

    Raises:
        ReleaseError: it cannot be had; the message says what was tried.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stop = stop or threading.Event()
    failures = []
    for source, make in _sources(version, directory):
        try:
            _run(f"Codex {version} from {source}", make(), directory, tell, stop)
            return source, _unpacked(directory)
        except (OSError, tarfile.TarError, subprocess.SubprocessError) as error:
            failures.append(f"{source}: {error}")
        if stop.is_set():
            message = f"Codex {version}: the download was interrupted"
            raise ReleaseError(message)
    message = f"Codex {version} cannot be had; tried {'; '.join(failures)}{_near(version)}"
    raise ReleaseError(message)


def _sources(
    version: Version, directory: Path
) -> Iterator[tuple[str, Callable[[], Sequence[str]]]]:
    """Yield where a release may be, and what makes the command that gets it."""
    wheel = ("--only-binary=:all:", "--no-deps", "--no-cache-dir", "--progress-bar=off")
    target = str(directory / "pypi")
    name = f"{PINNED}=={version}"
    yield f"PyPI ({name})", lambda: pip("install", name, "--target", target, *wheel)
    # Up to 0.98.0 one package holds every platform.
    options = ("--pack-destination", str(directory), "--cache", str(directory / "npm"))
    for spec in (f"{NPM_PACKAGE}@{version}-{platform_name()}", f"{NPM_PACKAGE}@{version}"):
        yield f"npm ({spec})", partial(_npm_pack, spec, *options)


def _npm_pack(*arguments: str) -> Sequence[str]:
    return [npm(), "pack", *arguments]


def _run(
    what: str, command: Sequence[str], directory: Path, tell: Tell, stop: threading.Event
) -> None:
    """Run a client.

    Raises:
        OSError: it cannot be started.
        subprocess.SubprocessError: it failed, as the message says.
    """
    env = {**os.environ, "TMPDIR": str(directory)}
    with tempfile.TemporaryFile("w+", dir=directory) as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env
        )
        try:
            _wait(process, what, directory, tell, stop)
        finally:
            process.kill()
            process.wait()
        output.seek(0)
        if process.returncode:
            said = reason(output.read()) or f"exit code {process.returncode}"
            raise subprocess.SubprocessError(said)


def _wait(
    process: subprocess.Popen[bytes], what: str, directory: Path, tell: Tell, stop: threading.Event
) -> None:
    """Wait for a client, or for ``stop``, and tell of the progress meanwhile."""
    started = time.monotonic()
    told = started
    while not stop.is_set():
        try:
            process.wait(min(STOP_SECONDS, PROGRESS_SECONDS))
        except subprocess.TimeoutExpired:
            now = time.monotonic()
            if now - told >= PROGRESS_SECONDS:
                told = now
                seconds = now - started
                tell(f"{what}: {_megabytes(directory):.0f} MB after {seconds:.0f} s")
        else:
            return


def _platform() -> tuple[str, str]:
    try:
        return PLATFORMS[sys.platform, platform.machine()]
    except KeyError as error:
        message = f"there is no Codex for {sys.platform} on {platform.machine()}"
        raise ReleaseError(message) from error


def _unpacked(directory: Path) -> Path:
    """Return the binary in what a client downloaded, out of npm's archive if it is in one.

    Raises:
        OSError: there is none for this platform.
        tarfile.TarError: the archive is broken.
    """
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
    message = "holds no Codex for this platform"
    raise OSError(message)


def _near(version: Version) -> str:
    """Return the releases on both sides of one that cannot be had, if they can be listed."""
    try:
        known = listed_releases()
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
