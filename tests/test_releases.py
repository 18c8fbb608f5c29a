"""Releases by number: which there are, how one is downloaded, and the store that keeps them."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
import select
import shlex
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version as version_of_package
from pathlib import Path
from typing import IO, Self

import psutil
import pytest
from packaging.version import Version
from running import environment

from harness.codex import download as downloading
from harness.codex import releases
from harness.codex.binary import PINNED, Codex, CodexNotFoundError, pinned_codex
from harness.codex.download import PLATFORMS, download, platform_name
from harness.codex.releases import (
    ReleaseError,
    is_range,
    is_release,
    listed_releases,
    local_codex,
    matching_releases,
    reason,
)
from harness.codex.store import Store

DEADLINE = 30.0
PLATFORM, TRIPLE = PLATFORMS[sys.platform, platform.machine()]
RELEASE = Version("1.2.3")
PYPI = "openai-codex-cli-bin==1.2.3"
NPM = f"@openai/codex@1.2.3-{PLATFORM}"
COMMON = "@openai/codex@1.2.3"

TARGETS = {
    "linux-x64": ("linux", "x86_64", "x86_64-unknown-linux-musl"),
    "linux-arm64": ("linux", "aarch64", "aarch64-unknown-linux-musl"),
    "darwin-x64": ("darwin", "x86_64", "x86_64-apple-darwin"),
    "darwin-arm64": ("darwin", "arm64", "aarch64-apple-darwin"),
}

CLIENT = """\
#!/bin/sh
echo "{name} $*" >>{directory}/asked
case "$1 $2" in
{cases}
*)
{otherwise}
exit 1
esac
"""

# What pip 26.3 and npm 11.19 say of what they do not find.
PIP_FINDS_NOTHING = """\
[ "$1" = index ] && shift
echo 'Looking in indexes: https://index.example/simple'
[ "$1" = versions ] ||
echo "ERROR: Could not find a version that satisfies the requirement $2 (from versions: 1.0)" >&2
echo "ERROR: No matching distribution found for $2" >&2"""
NPM_FINDS_NOTHING = """\
echo 'npm error code ETARGET' >&2
echo "npm error notarget No matching version found for $2." >&2
echo 'npm error notarget In most cases you or one of your dependencies are requesting' >&2
echo 'npm error A complete log of this run can be found in: /me/.npm/_logs/debug-0.log' >&2"""

NO_PYPI = f"PyPI ({PYPI}): ERROR: No matching distribution found for {PYPI}"
NO_NPM = f"npm ({NPM}): notarget No matching version found for {NPM}."


def says(version: str) -> str:
    """Return a Codex that has a version and nothing else."""
    return f"#!/bin/sh\necho codex-cli {version}\n"


def write_codex(path: Path, version: str) -> Path:
    """Write a Codex of one's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(says(version))
    path.chmod(0o755)
    return path


class Clients:
    """pip and npm that never leave the machine: scripts that hand out what a test publishes."""

    def __init__(self, directory: Path) -> None:
        """Begin with an index and a registry that hold nothing."""
        directory.mkdir()
        self.directory = directory
        self._commands: dict[str, str] = {}
        self._write()

    @property
    def asked(self) -> list[list[str]]:
        """The command lines of the clients that were started, in order."""
        path = self.directory / "asked"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def calls(self) -> list[str]:
        """What is asked of each: the client and two words more."""
        return [" ".join(words[:3]) for words in self.asked]

    def answer(self, call: str, commands: str) -> None:
        """Let a client run shell commands when its command line begins with ``call``."""
        self._commands[call] = commands
        self._write()

    def wheel(self, text: str = says("1.2.3"), *, version: str = "1.2.3", first: str = ":") -> None:
        """Publish a release on PyPI; the client runs ``first`` before it installs that."""
        binary = self._new_file()
        binary.write_text(text)
        installed = '"$4"/codex_cli_bin/bin'
        put = f"mkdir -p {installed} && cp {_quoted(binary)} {installed}/codex"
        self.answer(f"pip install openai-codex-cli-bin=={version}", f"{first}\n{put}")

    def package(self, spec: str, files: Mapping[str, str], *, first: str = ":") -> None:
        """Publish a package on npm with files below ``vendor``, beside what is always there."""
        archive = self._new_file()
        always = {"package.json": "{}", "bin/codex.js": "#!/usr/bin/env node\n"}
        below = {f"vendor/{path}": text for path, text in files.items()}
        with tarfile.open(archive, "w:gz") as tar:
            for path, text in (always | below).items():
                member = tarfile.TarInfo(f"package/{path}")
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text.encode()))
        name = f"openai-codex-{spec.rpartition('@')[2]}.tgz"
        self.answer(f"npm pack {spec}", f'{first}\ncp {_quoted(archive)} "$4"/{name}')

    def listed(self, *, pip: Sequence[str] = (), npm: Sequence[str] = ()) -> None:
        """Let the clients list versions; one that is given none finds nothing."""
        if pip:
            text = f"{PINNED} ({pip[0]})\nAvailable versions: {', '.join(pip)}\n  LATEST: {pip[0]}"
            self.answer("pip index versions", f"echo {shlex.quote(text)}")
        if npm:
            text = json.dumps(npm, indent=2)
            self.answer("npm view @openai/codex", f"echo {shlex.quote(text)}")

    def _new_file(self) -> Path:
        return self.directory / f"published-{len(self._commands)}"

    def _write(self) -> None:
        for name, otherwise in (("pip", PIP_FINDS_NOTHING), ("npm", NPM_FINDS_NOTHING)):
            cases = [
                f"{shlex.quote(call.removeprefix(f'{name} '))})\n{commands}\n;;"
                for call, commands in self._commands.items()
                if call.startswith(f"{name} ")
            ]
            script = self.directory / name
            script.write_text(
                CLIENT.format(
                    name=name,
                    directory=_quoted(self.directory),
                    cases="\n".join(cases),
                    otherwise=otherwise,
                )
            )
            script.chmod(0o755)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """Return the clients that everything asks in the place of pip and npm."""
    fake = Clients(tmp_path / "clients")

    def pip(*arguments: str) -> list[str]:
        return [str(fake.directory / "pip"), *arguments]

    monkeypatch.setattr(releases, "pip", pip)
    monkeypatch.setattr(downloading, "pip", pip)
    monkeypatch.setattr(downloading, "PROGRESS_SECONDS", DEADLINE)
    monkeypatch.setenv("PATH", f"{fake.directory}{os.pathsep}{os.environ['PATH']}")
    watchdog = threading.Timer(DEADLINE, _end_clients)
    watchdog.start()
    yield fake
    watchdog.cancel()


def _end_clients() -> None:
    """End those that wait for what never comes."""
    for child in psutil.Process().children():
        child.kill()


@pytest.fixture
def without_npm(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no npm be installed."""
    monkeypatch.setenv("PATH", str(clients.directory / "nowhere"))


@pytest.fixture
def told() -> list[str]:
    """Return the lines that a store has told."""
    return []


@pytest.fixture
def store(clients: Clients, tmp_path: Path, told: list[str]) -> Store:
    """Return an empty store that asks ``clients``."""
    assert [] == clients.calls
    return Store(tmp_path / "cache" / "releases", told.append)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return an empty directory to download into."""
    directory = tmp_path / "empty"
    directory.mkdir()
    return directory


@contextmanager
def fifo(path: Path) -> Iterator[IO[bytes]]:
    """Make a FIFO; whoever reads from it waits until a line is written, or the test has ended."""
    os.mkfifo(path)
    # Open for both, so that it keeps nobody waiting here and does not end between two writers.
    with path.open("r+b", buffering=0) as file:
        yield file


def kept(directory: Path) -> list[str]:
    """Return what lies in the directory of a store, beside its lock."""
    return sorted(path.name for path in directory.iterdir() if path.name != "lock")


# Words.


@pytest.mark.parametrize(
    ("word", "expected"),
    {
        "0.156.0": (True, False),
        "0.1.2504172351": (True, False),
        "1.2": (True, False),
        "0.156.0-alpha.1": (True, False),
        ">=0.150,<0.160": (False, True),
        "<1": (False, True),
        "==0.156.0": (False, True),
        "!=0.156.0": (False, True),
        "~=0.156.0": (False, True),
        "latest": (False, False),
        "pinned": (False, False),
        "156": (False, False),
        "./0.156.0/codex": (False, False),
        "/opt/codex-0.156.0": (False, False),
    }.items(),
    ids=str,
)
def test_word_is_a_release_or_a_range(word: str, expected: tuple[bool, bool]) -> None:
    """A number and a range are told from each other and from paths."""
    assert expected == (is_release(word), is_range(word))


KNOWN = [Version("1.10.0"), Version("1.2.0"), Version("1.2.3")]


@pytest.mark.parametrize(
    ("word", "expected"),
    {
        "1.2.3": ["1.2.3"],
        "7.7.7": ["7.7.7"],
        ">=1.2.3": ["1.2.3", "1.10.0"],
        ">=1,<1.10": ["1.2.0", "1.2.3"],
        "~=1.2.0": ["1.2.0", "1.2.3"],
        "latest": ["1.10.0"],
    }.items(),
    ids=str,
)
def test_word_means_releases(word: str, expected: list[str]) -> None:
    """They come oldest first; a number need not be known."""
    assert expected == [str(version) for version in matching_releases(word, KNOWN)]


@pytest.mark.parametrize(
    ("word", "known", "message"),
    [
        (">2", KNOWN, "--codex >2 means no release; there are 1.2.0 to 1.10.0"),
        ("latest", [], "--codex latest means no release; there are none"),
        (
            ">=x",
            KNOWN,
            (
                "--codex >=x is no release: Invalid specifier: '>=x';"
                " write 0.156.0 or '>=0.150,<0.160'"
            ),
        ),
        (
            "1.2.3?",
            KNOWN,
            (
                "--codex 1.2.3? is no release: Invalid version: '1.2.3?';"
                " write 0.156.0 or '>=0.150,<0.160'"
            ),
        ),
    ],
    ids=["beyond all", "nothing known", "malformed range", "malformed number"],
)
def test_word_that_means_nothing_is_an_error(
    word: str, known: Sequence[Version], message: str
) -> None:
    """The message names what there is, or how to write it."""
    with pytest.raises(ReleaseError) as raised:
        matching_releases(word, known)

    assert message == str(raised.value)


@pytest.mark.parametrize("word", ["1.2.3", ">=0.150,<0.160", "latest"])
def test_word_that_means_a_release_is_not_local(word: str) -> None:
    """It is for the store, and no file is looked for."""
    assert local_codex(word) is None


@pytest.mark.parametrize("word", ["pinned", version_of_package(PINNED)], ids=["word", "number"])
def test_pinned_codex_is_local(word: str) -> None:
    """The installed package is taken for its word and for its number, and run by that again."""
    expected = Codex(
        pinned_codex(), version_of_package(PINNED), word="" if word == "pinned" else word
    )

    assert expected == local_codex(word)


def test_pinned_codex_that_is_not_installed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the package."""
    monkeypatch.setitem(sys.modules, "codex_cli_bin", None)

    with pytest.raises(CodexNotFoundError, match=r"^no Codex: install openai-codex-cli-bin "):
        local_codex("pinned")


def test_path_is_local(tmp_path: Path) -> None:
    """A Codex of one's own is asked for its version, and run by its path again."""
    path = write_codex(tmp_path / "0.156.0" / "codex", "1.2.3")

    assert Codex(path, "1.2.3", word=str(path)) == local_codex(str(path))


def test_missing_path_is_an_error(tmp_path: Path) -> None:
    """The message names the path."""
    with pytest.raises(CodexNotFoundError) as raised:
        local_codex(str(tmp_path / "codex"))

    assert str(raised.value).startswith(f"--codex {tmp_path / 'codex'} cannot be run: ")


# Which releases there are.


def test_listed_releases_are_those_of_both(clients: Clients) -> None:
    """Each once, oldest first, without prereleases and without the packages of a platform."""
    clients.listed(
        pip=["1.3.0a1", "1.2.3", "1.2.0"],
        npm=["1.1.0", "1.2.3", "1.2.3-linux-x64", "1.3.0-alpha.1", "1.10.0"],
    )

    assert ["1.1.0", "1.2.0", "1.2.3", "1.10.0"] == [str(one) for one in listed_releases()]
    assert ["pip index versions", "npm view @openai/codex"] == clients.calls


def test_listed_releases_without_pip(clients: Clients) -> None:
    """A package that the index does not have costs nothing."""
    clients.listed(npm=["1.2.0", "1.2.3"])

    assert ["1.2.0", "1.2.3"] == [str(one) for one in listed_releases()]


@pytest.mark.parametrize(
    "commands", ["echo 'npm error code E500' >&2; exit 1", "echo '<html>'"], ids=["fails", "babble"]
)
def test_listed_releases_without_an_answer_of_npm(clients: Clients, commands: str) -> None:
    """A registry that is down, or is none, costs nothing."""
    clients.listed(pip=["1.2.3", "1.2.0"])
    clients.answer("npm view @openai/codex", commands)

    assert ["1.2.0", "1.2.3"] == [str(one) for one in listed_releases()]


@pytest.mark.usefixtures("without_npm")
def test_listed_releases_without_npm(clients: Clients) -> None:
    """A machine without npm does with pip."""
    clients.listed(pip=["1.2.3", "1.2.0"])

    assert ["1.2.0", "1.2.3"] == [str(one) for one in listed_releases()]


NO_LIST = "the releases of Codex cannot be listed; tried "


def test_releases_that_cannot_be_listed_are_an_error(clients: Clients) -> None:
    """The message says for both why."""
    clients.answer("npm view @openai/codex", "exit 3")

    with pytest.raises(ReleaseError) as raised:
        listed_releases()

    because = (
        "pip: ERROR: No matching distribution found for openai-codex-cli-bin; npm: exit code 3"
    )
    assert NO_LIST + because == str(raised.value)


def test_client_that_hangs_is_given_up(
    clients: Clients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is not waited for longer than its deadline."""
    monkeypatch.setattr(releases, "CLIENT_DEADLINE", 0.1)
    for call in ("pip index versions", "npm view @openai/codex"):
        clients.answer(call, f"read _ <{_quoted(tmp_path / 'forever')}")

    with fifo(tmp_path / "forever"), pytest.raises(ReleaseError) as raised:
        listed_releases()

    assert 2 == str(raised.value).count("timed out after 0.1 seconds")


def test_pip_is_the_one_beside_the_harness() -> None:
    """It is run by this Python, and asks nothing."""
    expected = [sys.executable, "-m", "pip", "index", "versions"]
    quiet = ["--disable-pip-version-check", "--no-input", "--no-color"]

    assert expected + quiet == releases.pip("index", "versions")


SAID = {
    "npm: no such version": (
        """\
npm warn Unknown user config "nodedir". This will stop working in the next major version of npm.
npm error code ETARGET
npm error notarget No matching version found for @openai/codex@0.163.1.
npm error notarget In most cases you or one of your dependencies are requesting a package version.
npm error A complete log of this run can be found in: /me/.npm/_logs/debug-0.log
""",
        "notarget No matching version found for @openai/codex@0.163.1.",
    ),
    "npm: no such package": (
        """\
npm error code E404
npm error 404 Not Found - GET https://npm.example/@openai%2fcodex
npm error 404
npm error 404  The requested resource '@openai/codex@1.2.3' could not be found.
npm error A complete log of this run can be found in: /me/.npm/_logs/debug-0.log
""",
        "404 Not Found - GET https://npm.example/@openai%2fcodex",
    ),
    "npm: no network": (
        """\
npm error code ECONNREFUSED
npm error syscall connect
npm error errno ECONNREFUSED
npm error FetchError: request to http://127.0.0.1:1/@openai%2fcodex failed, reason: connect
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/lib/index.js:130:14)
npm error   code: 'ECONNREFUSED',
npm error }
npm error
npm error If you are behind a proxy, please make sure that the 'proxy' config is set properly.
npm error A complete log of this run can be found in: /me/.npm/_logs/debug-0.log
""",
        "FetchError: request to http://127.0.0.1:1/@openai%2fcodex failed, reason: connect",
    ),
    "pip: no such version": (
        """\
Looking in indexes: https://index.example/simple, file:///mirror/simple
WARNING: Location 'file:///mirror/simple/openai-codex-cli-bin/' is ignored
ERROR: Could not find a version that satisfies the requirement openai-codex-cli-bin==0.163.1
ERROR: No matching distribution found for openai-codex-cli-bin==0.163.1
""",
        "ERROR: No matching distribution found for openai-codex-cli-bin==0.163.1",
    ),
    "pip: said more afterwards": (
        "ERROR: No matching distribution found for x\n\n[notice] A new release of pip is there\n",
        "ERROR: No matching distribution found for x",
    ),
    "neither": ("cannot open shared object\n  try again\n", "try again"),
    "nothing": ("\n", ""),
}


@pytest.mark.parametrize(("text", "expected"), SAID.values(), ids=SAID)
def test_reason_is_the_line_that_says_why(text: str, expected: str) -> None:
    """Out of all that npm 11.19 and pip 26.3 print when they fail."""
    assert expected == reason(text)


# Downloading.


def no_progress(line: str) -> None:
    """Take a line that must not come."""
    raise AssertionError(line)


def test_pypi_is_asked_first(clients: Clients, empty: Path) -> None:
    """Where it has the release, npm is left alone."""
    clients.wheel()
    clients.package(NPM, {f"{TRIPLE}/bin/codex": says("npm")})

    source, binary = download(RELEASE, empty, no_progress)

    assert (f"PyPI ({PYPI})", says("1.2.3")) == (source, binary.read_text())
    assert [f"pip install {PYPI}"] == clients.calls


def test_package_of_the_platform_is_asked_next(clients: Clients, empty: Path) -> None:
    """It is smaller than the one that holds, or depends on, every platform."""
    clients.package(NPM, {f"{TRIPLE}/bin/codex": says("1.2.3")})
    clients.package(COMMON, {f"{TRIPLE}/bin/codex": says("common")})

    source, binary = download(RELEASE, empty, no_progress)

    assert (f"npm ({NPM})", says("1.2.3")) == (source, binary.read_text())
    assert [f"pip install {PYPI}", f"npm pack {NPM}"] == clients.calls


def test_common_package_is_asked_last(clients: Clients, empty: Path) -> None:
    """Up to 0.98.0 there is no other."""
    clients.package(COMMON, {f"{TRIPLE}/codex/codex": says("1.2.3")})

    source, binary = download(RELEASE, empty, no_progress)

    assert (f"npm ({COMMON})", says("1.2.3")) == (source, binary.read_text())
    assert [f"pip install {PYPI}", f"npm pack {NPM}", f"npm pack {COMMON}"] == clients.calls


@pytest.mark.parametrize("layout", ["bin", "codex"])
@pytest.mark.parametrize("name", TARGETS)
def test_binary_of_the_platform_is_taken(
    clients: Clients, empty: Path, monkeypatch: pytest.MonkeyPatch, name: str, layout: str
) -> None:
    """Out of an archive with all platforms and other programs, in the new layout and the old."""
    system, machine, triple = TARGETS[name]
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    others = {f"{one}/{layout}/codex": says(one) for *_, one in TARGETS.values() if one != triple}
    this = {
        f"{triple}/path/rg": "rg",
        f"{triple}/{layout}/codex-command-runner": "runner",
        f"{triple}/{layout}/codex": says(triple),
    }
    clients.package(f"@openai/codex@1.2.3-{name}", others | this)

    _, binary = download(RELEASE, empty, no_progress)

    assert (name, says(triple)) == (platform_name(), binary.read_text())


def test_unsupported_platform_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names it."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")

    with pytest.raises(ReleaseError) as raised:
        platform_name()

    assert "there is no Codex for win32 on AMD64" == str(raised.value)


def test_archive_without_the_binary_is_passed_over(clients: Clients, empty: Path) -> None:
    """A package that holds another platform, or only a launcher, is not the release."""
    clients.package(NPM, {"riscv64-plan9/bin/codex": says("riscv")})
    clients.package(COMMON, {f"{TRIPLE}/bin/codex": says("1.2.3")})

    source, binary = download(RELEASE, empty, no_progress)

    assert (f"npm ({COMMON})", says("1.2.3")) == (source, binary.read_text())


def test_client_that_is_killed_is_passed_over(clients: Clients, empty: Path) -> None:
    """The release is then looked for at the next place."""
    clients.answer(f"pip install {PYPI}", "kill -9 $$")
    clients.package(NPM, {f"{TRIPLE}/bin/codex": says("1.2.3")})

    source, _ = download(RELEASE, empty, no_progress)

    assert f"npm ({NPM})" == source


def test_client_that_is_killed_has_downloaded_nothing(clients: Clients, empty: Path) -> None:
    """Whatever it leaves: nobody knows whether that is whole."""
    files = {f"{TRIPLE}/bin/codex": says("1.2.3")}
    clients.package(COMMON, files, first="trap 'kill -9 $$' EXIT")

    with pytest.raises(ReleaseError, match=r"^Codex 1\.2\.3 cannot be had; tried PyPI "):
        download(RELEASE, empty, no_progress)

    assert (empty / "openai-codex-1.2.3.tgz").exists()


def test_clients_keep_to_the_directory(clients: Clients, empty: Path) -> None:
    """What they download, cache and build lies in it; pip takes the wheel alone."""
    said = clients.directory / "TMPDIR"
    clients.answer(f"pip install {PYPI}", f'echo "$TMPDIR" >{_quoted(said)}')
    clients.package(COMMON, {f"{TRIPLE}/bin/codex": says("1.2.3")})
    pip = ["--only-binary=:all:", "--no-deps", "--no-cache-dir", "--progress-bar=off"]
    npm = ["--pack-destination", str(empty), "--cache", str(empty / "npm")]

    download(RELEASE, empty, no_progress)

    expected = [
        ["pip", "install", PYPI, "--target", str(empty / "pypi"), *pip],
        ["npm", "pack", NPM, *npm],
        ["npm", "pack", COMMON, *npm],
    ]
    assert expected == clients.asked
    assert f"{empty}\n" == said.read_text()


@pytest.mark.parametrize(
    ("listed", "there_are"),
    [
        (
            ["1.2.7", "1.2.6", "1.2.5", "1.2.4", "1.2.2", "1.2.1", "1.2.0", "1.1.9"],
            "; there are 1.2.0, 1.2.1, 1.2.2, 1.2.4, 1.2.5, 1.2.6",
        ),
        (["1.2.0"], "; there are 1.2.0"),
        (["1.2.4", "1.2.3"], ""),
        ([], ""),
    ],
    ids=["many", "only older", "listed, and yet not there", "no list"],
)
def test_release_that_cannot_be_had_is_an_error(
    clients: Clients, empty: Path, listed: list[str], there_are: str
) -> None:
    """The message names all that was tried, why each failed, and the releases nearby."""
    clients.listed(pip=listed)
    clients.package(COMMON, {})

    with pytest.raises(ReleaseError) as raised:
        download(RELEASE, empty, no_progress)

    common = f"npm ({COMMON}): holds no Codex for this platform"
    tried = f"Codex 1.2.3 cannot be had; tried {NO_PYPI}; {NO_NPM}; {common}"
    assert tried + there_are == str(raised.value)


@pytest.mark.usefixtures("without_npm")
def test_npm_that_is_not_installed_is_named(empty: Path) -> None:
    """It is among what was tried."""
    with pytest.raises(ReleaseError) as raised:
        download(RELEASE, empty, no_progress)

    npm = f"npm ({NPM}): npm is not installed; npm ({COMMON}): npm is not installed"
    assert f"Codex 1.2.3 cannot be had; tried {NO_PYPI}; {npm}" == str(raised.value)


def test_progress_is_told(
    clients: Clients, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a client runs, it is told how much there is and since when."""
    monkeypatch.setattr(downloading, "PROGRESS_SECONDS", 0.01)
    part = 'mkdir -p "$4" && head -c 3000000 /dev/zero >"$4"/part'
    clients.wheel(first=f"{part}; read _ <{_quoted(tmp_path / 'enough')}")
    lines: list[str] = []

    with fifo(tmp_path / "enough") as enough:

        def tell(line: str) -> None:
            lines.append(line)
            assert len(lines) < 1000
            if " 3 MB " in line:
                enough.write(b"\n")

        download(RELEASE, empty, tell)

    what = re.escape(f"Codex 1.2.3 from PyPI ({PYPI}): ")
    progress = re.fullmatch(rf"{what}3 MB after (\d+) s", lines[-1])
    assert progress
    assert int(progress[1]) < DEADLINE


# The store.


def test_release_is_downloaded_once(store: Store, clients: Clients) -> None:
    """Whoever asks for it again, by this store or another on the directory, starts no client."""
    clients.wheel()
    path = store.directory / f"1.2.3-{PLATFORM}" / "codex"
    expected = [Codex(path, "1.2.3", word="1.2.3")]

    assert expected * 2 == store.get([RELEASE, RELEASE])
    assert expected == store.get([RELEASE])
    assert expected == Store(store.directory).get([RELEASE])
    assert [f"pip install {PYPI}"] == clients.calls


def test_release_is_whole_and_runs(store: Store, clients: Clients) -> None:
    """A binary, made executable, and a note; nothing else is left of the download."""
    clients.package(NPM, {f"{TRIPLE}/bin/codex": says("1.2.3")})

    [codex] = store.get([RELEASE])

    asked = subprocess.run([codex.path, "--version"], stdout=subprocess.PIPE, check=True)
    assert b"codex-cli 1.2.3\n" == asked.stdout
    assert [f"1.2.3-{PLATFORM}"] == kept(store.directory)
    assert {"codex", "release.json"} == {path.name for path in codex.path.parent.iterdir()}


def test_note_says_what_was_downloaded(store: Store, clients: Clients) -> None:
    """Version, source, checksum, size and time."""
    clients.wheel()
    before = datetime.now(UTC).replace(microsecond=0)

    [codex] = store.get([RELEASE])

    note = json.loads(codex.path.with_name("release.json").read_text())
    at = datetime.fromisoformat(note.pop("at"))
    content = says("1.2.3").encode()
    expected = {
        "version": "1.2.3",
        "source": f"PyPI ({PYPI})",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    assert expected == note
    assert (timedelta(), True) == (at.utcoffset(), before <= at <= datetime.now(UTC))


def test_installed_releases_are_listed_oldest_first(store: Store, clients: Clients) -> None:
    """By number, not by name."""
    versions = [Version("1.10.0"), Version("1.9.0")]
    for version in versions:
        clients.wheel(says(str(version)), version=str(version))

    asked = store.get(versions)

    assert ["1.10.0", "1.9.0"] == [codex.version for codex in asked]
    assert [Version("1.9.0"), Version("1.10.0")] == list(store.installed())


def test_binary_of_another_size_is_not_installed(store: Store, clients: Clients) -> None:
    """A file that something has cut off, or removed, is no release."""
    clients.wheel()
    [codex] = store.get([RELEASE])

    codex.path.write_text(says("1.2.3")[:-1])
    assert {} == store.installed()

    codex.path.unlink()
    assert {} == store.installed()


def test_binary_of_another_platform_is_not_installed(store: Store, clients: Clients) -> None:
    """A home that machines share holds releases for each."""
    clients.wheel()
    [codex] = store.get([RELEASE])

    codex.path.parent.rename(store.directory / "1.2.3-plan9-riscv64")

    assert {} == store.installed()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (says("9.9.9"), rf"^Codex 1\.2\.3 from PyPI \({PYPI}\) calls itself 9\.9\.9$"),
        ("#!/nowhere/sh\n", r"^--codex \S+ cannot be run: "),
        ("#!/bin/sh\necho no\n", r"^--codex \S+ --version names no version; it said: no$"),
    ],
    ids=["another version", "does not run", "no version"],
)
def test_binary_that_is_not_the_release_is_refused(
    store: Store, clients: Clients, told: list[str], text: str, message: str
) -> None:
    """And nothing of it is kept."""
    clients.wheel(text)

    with pytest.raises(CodexNotFoundError, match=message):
        store.get([RELEASE])

    assert ([], {}, []) == (kept(store.directory), store.installed(), told)


def test_release_that_cannot_be_had_leaves_the_others(store: Store, clients: Clients) -> None:
    """What was downloaded beside it is kept."""
    clients.wheel()

    with pytest.raises(ReleaseError, match=r"^Codex 9\.9\.9 cannot be had; tried PyPI "):
        store.get([Version("9.9.9"), RELEASE])

    assert [f"1.2.3-{PLATFORM}"] == kept(store.directory)


def test_interrupted_download_leaves_nothing(
    store: Store, clients: Clients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No part, no release, and no client that goes on."""
    monkeypatch.setattr(downloading, "PROGRESS_SECONDS", 0.01)
    pid = tmp_path / "pid"
    clients.wheel(first=f"echo $$ >{_quoted(pid)}; read _ <{_quoted(tmp_path / 'forever')}")

    def interrupt(_: str) -> None:
        if pid.is_file() and pid.read_text():
            raise KeyboardInterrupt

    with fifo(tmp_path / "forever"):
        with pytest.raises(KeyboardInterrupt):
            Store(store.directory, interrupt).get([RELEASE])

        assert not psutil.pid_exists(int(pid.read_text()))
    assert ([], {}) == (kept(store.directory), store.installed())


def test_progress_of_the_store_is_told(store: Store, clients: Clients, told: list[str]) -> None:
    """A release that is there at last is a line; one that was there is none."""
    clients.wheel()

    store.get([RELEASE])
    store.get([RELEASE])

    assert [f"Codex 1.2.3: downloaded from PyPI ({PYPI})"] == told


def test_release_is_removed(store: Store, clients: Clients) -> None:
    """Those that were here are named; the others stay."""
    other = Version("1.2.4")
    clients.wheel()
    clients.wheel(says("1.2.4"), version="1.2.4")
    store.get([RELEASE, other])

    assert [RELEASE] == store.remove([Version("9.9.9"), RELEASE])

    assert ([f"1.2.4-{PLATFORM}"], [other]) == (kept(store.directory), list(store.installed()))


def test_store_is_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By default."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    directory = Store().directory

    assert directory.is_relative_to(tmp_path)
    assert ("codex-auth-scenarios", "releases") == directory.parts[-2:]


# Words, resolved.


def test_words_resolve_in_their_order_and_each_once(
    store: Store, clients: Clients, tmp_path: Path
) -> None:
    """Paths, numbers and ranges may be mixed and may overlap."""
    path = write_codex(tmp_path / "own" / "codex", "9.9.9")
    clients.listed(pip=["1.3.0", "1.2.4", "1.2.3"])
    for version in ("1.2.3", "1.2.4"):
        clients.wheel(says(version), version=version)

    found = store.resolve(["1.2.4", str(path), "pinned", ">=1.2,<1.3", str(path), "1.2.4"])

    expected = ["1.2.4", "9.9.9", version_of_package(PINNED), "1.2.3"]
    assert expected == [codex.version for codex in found]


def test_codexes_of_one_release_are_told_apart(store: Store, tmp_path: Path) -> None:
    """Each but the first has a count behind its version."""
    paths = [write_codex(tmp_path / name, "9.9.9") for name in ("one", "two", "three")]

    found = store.resolve(map(str, paths))

    expected = [(paths[0], "9.9.9"), (paths[1], "9.9.9+2"), (paths[2], "9.9.9+3")]
    assert expected == [(codex.path, codex.version) for codex in found]


def test_number_needs_no_list(store: Store, clients: Clients) -> None:
    """It is downloaded without asking which there are."""
    clients.wheel()

    assert ["1.2.3"] == [codex.version for codex in store.resolve(["1.2.3"])]
    assert [f"pip install {PYPI}"] == clients.calls


@pytest.mark.parametrize("word", ["latest", ">=1.2.3"])
def test_other_words_need_the_list(store: Store, clients: Clients, word: str) -> None:
    """Which releases they mean, both clients are asked."""
    clients.listed(pip=["1.2.3"], npm=["1.2.2"])
    clients.wheel()

    assert ["1.2.3"] == [codex.version for codex in store.resolve([word])]
    expected = ["pip index versions", "npm view @openai/codex", f"pip install {PYPI}"]
    assert expected == clients.calls


def test_list_that_cannot_be_had_is_an_error(store: Store) -> None:
    """And nothing is downloaded."""
    with pytest.raises(ReleaseError, match=f"^{NO_LIST}"):
        store.resolve(["latest"])


def test_local_codex_needs_no_store(store: Store, clients: Clients) -> None:
    """The pinned one is run without a client and without a directory."""
    store.resolve(["pinned"])

    assert ([], False) == (clients.calls, store.directory.exists())


# Several processes.

GET = """
import fcntl, sys
from pathlib import Path
from packaging.version import Version
from harness.codex import download
from harness.codex.store import Store

directory, pip, events = sys.argv[1:]

def lock(*arguments, flock=fcntl.flock):
    with open(events, "w") as file:
        file.write("locks\\n")
    flock(*arguments)

fcntl.flock = lock
download.pip = lambda *arguments: [pip, *arguments]
Store(Path(directory)).get([Version("1.2.3")])
"""


class _Processes:
    """Processes that ask a store for a release of npm's, which waits until it is let go."""

    def __init__(self, store: Store, clients: Clients, directory: Path) -> None:
        """Publish the release."""
        events, hold = directory / "events", directory / "hold"
        pip = clients.directory / "pip"
        self._command = [sys.executable, "-c", GET, *map(str, (store.directory, pip, events))]
        self._stack = ExitStack()
        self._events = self._stack.enter_context(fifo(events))
        self._hold = self._stack.enter_context(fifo(hold))
        codex = {f"{TRIPLE}/bin/codex": says("1.2.3")}
        waits = f"echo downloads >{_quoted(events)}; read _ <{_quoted(hold)}"
        clients.package(NPM, codex, first=waits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self) -> subprocess.Popen[bytes]:
        """Start one, with a process group of its own."""
        process = subprocess.Popen(self._command, env=environment(), start_new_session=True)
        self._stack.callback(self.kill, process)
        return process

    def event(self) -> str:
        """Return what one of them does next."""
        ready, _, _ = select.select([self._events], [], [], DEADLINE)
        return self._events.readline().decode().strip() if ready else "nothing"

    def let_go(self) -> None:
        """Let the download end."""
        self._hold.write(b"\n")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill one, and its clients, if it still runs."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_two_processes_download_once(store: Store, clients: Clients, tmp_path: Path) -> None:
    """The one that comes later waits for the other, and then takes what that has downloaded."""
    with _Processes(store, clients, tmp_path) as processes:
        first = processes.start()
        assert ["locks", "downloads"] == [processes.event(), processes.event()]
        second = processes.start()
        assert "locks" == processes.event()

        processes.let_go()

        assert [0, 0] == [process.wait(DEADLINE) for process in (first, second)]

    assert [f"1.2.3-{PLATFORM}"] == kept(store.directory)
    assert [f"pip install {PYPI}", f"npm pack {NPM}"] == clients.calls


def test_download_of_a_killed_process_is_cleared_away(
    store: Store, clients: Clients, tmp_path: Path
) -> None:
    """Its lock is free, its part is no release, and the next download removes it."""
    with _Processes(store, clients, tmp_path) as processes:
        process = processes.start()
        assert ["locks", "downloads"] == [processes.event(), processes.event()]
        processes.kill(process)
    [part] = kept(store.directory)
    assert part.startswith("partial-")
    assert {} == store.installed()
    clients.wheel()

    store.get([RELEASE])

    assert [f"1.2.3-{PLATFORM}"] == kept(store.directory)


# What went wrong once.


def test_release_that_was_damaged_is_downloaded_again(store: Store, clients: Clients) -> None:
    """Over what is left of it."""
    clients.wheel()
    [codex] = store.get([RELEASE])
    codex.path.write_text("cut off")

    [again] = store.get([RELEASE])

    assert says("1.2.3") == again.path.read_text()


def test_note_that_cannot_be_read_is_no_release(store: Store, clients: Clients) -> None:
    """It keeps nobody from another Codex, and is written anew."""
    clients.wheel()
    [codex] = store.get([RELEASE])
    codex.path.with_name("release.json").write_text("{")

    assert {} == store.installed()
    assert [codex] == store.get([RELEASE])


def test_interrupted_download_starts_no_other_client(
    clients: Clients, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that runs is killed; it would never have ended."""
    monkeypatch.setattr(downloading, "PROGRESS_SECONDS", 0.01)
    clients.wheel(first=f"read _ <{_quoted(tmp_path / 'forever')}")
    clients.package(NPM, {f"{TRIPLE}/bin/codex": says("1.2.3")})
    stop = threading.Event()

    with fifo(tmp_path / "forever"), pytest.raises(ReleaseError):
        download(RELEASE, empty, lambda _: stop.set(), stop)

    assert 1 == len(clients.calls)


@pytest.mark.parametrize(
    ("answer", "says_why"),
    [
        ("kill -9 $$", "exit code -9"),
        ('echo junk >"$4"/codex.tgz', "could not be opened"),
        (
            'echo "npm ERR! code E1\nnpm ERR! path /x\nnpm ERR! nothing there" >&2; exit 1',
            "nothing",
        ),
    ],
    ids=["killed", "broken archive", "older npm"],
)
def test_client_that_fails_otherwise_is_told(
    clients: Clients, empty: Path, answer: str, says_why: str
) -> None:
    """And the next source is tried."""
    clients.answer(f"npm pack {NPM}", answer)
    clients.package(COMMON, {f"{TRIPLE}/bin/codex": says("1.2.3")})
    clients.answer(f"npm pack {COMMON}", "exit 3")

    with pytest.raises(ReleaseError, match=says_why) as raised:
        download(RELEASE, empty, no_progress)

    assert f"npm ({COMMON}): exit code 3" in str(raised.value)


def test_number_may_leave_out_its_end(store: Store, clients: Clients) -> None:
    """1.2 is 1.2.0."""
    clients.wheel(says("1.2.0"), version="1.2")

    assert ["1.2"] == [codex.version for codex in store.get([Version("1.2")])]


def test_path_needs_no_platform_of_npm(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Codex of one's own may run where none is published."""
    path = write_codex(tmp_path / "codex", "9.9.9")
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    assert [path] == [codex.path for codex in store.resolve([str(path)])]


def test_release_can_be_removed_only_once(store: Store, clients: Clients) -> None:
    """However often it is named."""
    clients.wheel()
    store.get([RELEASE])

    assert [RELEASE] == store.remove([RELEASE, RELEASE])


def test_clients_that_list_nothing_are_named(clients: Clients) -> None:
    """Neither has failed."""
    clients.answer("pip index versions", "echo nothing")
    clients.answer("npm view @openai/codex", "echo '[]'")

    with pytest.raises(ReleaseError, match="cannot be listed: pip and npm list none"):
        listed_releases()


def test_pinned_release_is_not_downloaded(store: Store, clients: Clients) -> None:
    """Whichever word means it."""
    pinned = version_of_package(PINNED)
    clients.listed(pip=[pinned])

    found = store.resolve(["pinned", "latest", pinned])

    assert [(pinned_codex(), pinned)] == [(codex.path, codex.version) for codex in found]
