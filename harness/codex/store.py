"""The store of Codex releases in the user's cache directory: each is downloaded once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen
from packaging.version import Version
from platformdirs import user_cache_path

from harness.codex.binary import Codex, find_codex
from harness.codex.download import Tell, download, platform_name
from harness.codex.kept import NOTE
from harness.codex.releases import (
    ReleaseError,
    is_range,
    listed_releases,
    local_codex,
    matching_releases,
)

DOWNLOADS_AT_ONCE: Final = 4


def _say_nothing(_: str) -> None:
    return


@frozen
class Store:
    """A directory of releases: ``0.156.0-linux-x64/codex`` and ``…/release.json``.

    Args:
        directory: where; by default in the user's cache directory.
        tell: takes a line about the progress of a download.
    """

    directory: Path = field(factory=lambda: user_cache_path("codex-auth-scenarios") / "releases")
    tell: Tell = field(default=_say_nothing)

    @property
    def made(self) -> Path:
        """The directory beside it that keeps what is made of each release once."""
        return self.directory.with_name("made")

    def resolve(self, words: Iterable[str]) -> Sequence[Codex]:
        """Return every Codex that ``words`` mean, each once, downloading what is not here.

        A word is the number of a release, a range, ``latest``, ``pinned``, or a path.

        Raises:
            CodexNotFoundError: one cannot be had; the message says what was tried.
        """
        meant = [self._meant(word) for word in words]
        releases = [one for several in meant for one in several if isinstance(one, Version)]
        here = dict(zip(releases, self.get(releases), strict=True))
        found: dict[Path, Codex] = {}
        for one in (one for several in meant for one in several):
            codex = here[one] if isinstance(one, Version) else one
            found.setdefault(codex.path, codex)
        return _told_apart(found.values())

    def _meant(self, word: str) -> Sequence[Codex | Version]:
        """Return what a word means: a Codex that is here anyway, or a release to be had."""
        local = local_codex(word)
        if local:
            return [local]
        known = listed_releases() if is_range(word) or word == "latest" else ()
        return [local_codex(str(one)) or one for one in matching_releases(word, known)]

    def installed(self) -> Mapping[Version, Codex]:
        """Return the releases that are here, the oldest first."""
        found = {}
        for note in self.directory.glob(f"*-{platform_name()}/{NOTE}"):
            path = note.with_name("codex")
            with suppress(OSError, ValueError, KeyError):
                said = json.loads(note.read_text())
                if path.stat().st_size == said["size"]:
                    found[Version(said["version"])] = Codex(path, said["version"], said["version"])
        return dict(sorted(found.items()))

    def get(self, versions: Sequence[Version]) -> Sequence[Codex]:
        """Return these releases, downloading those that are not here.

        Raises:
            ReleaseError: one cannot be had; the message says what was tried.
        """
        if not versions:
            return []
        here = self.installed()
        if not all(version in here for version in versions):
            with self._locked():
                here = self.installed()
                self._download([one for one in dict.fromkeys(versions) if one not in here])
                here = self.installed()
        return [here[version] for version in versions]

    def remove(self, versions: Iterable[Version]) -> Sequence[Version]:
        """Remove these releases; return those that were here."""
        with self._locked():
            here = self.installed()
            gone = [version for version in dict.fromkeys(versions) if version in here]
            for version in gone:
                shutil.rmtree(here[version].path.parent)
                for made in self.made.glob(f"{version}-*"):
                    shutil.rmtree(made, ignore_errors=True)
        return gone

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes out, and clear away what one that was killed has left."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in self.directory.glob("partial-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield

    def _download(self, versions: Sequence[Version]) -> None:
        """Put releases here, each whole or not at all.

        Raises:
            ReleaseError: one cannot be had; the others are here nevertheless.
        """
        with tempfile.TemporaryDirectory(prefix="partial-", dir=self.directory) as directory:
            fetched = self._fetch(versions, Path(directory))
            failures = []
            # Not before: a binary that is still open somewhere for writing cannot be run.
            for version, future in fetched.items():
                try:
                    self._keep(version, *future.result(), Path(directory, f"{version}-whole"))
                except ReleaseError as error:
                    failures.append(str(error))
        if failures:
            raise ReleaseError("\n".join(failures))

    def _fetch(
        self, versions: Sequence[Version], directory: Path
    ) -> Mapping[Version, Future[tuple[str, Path]]]:
        """Download releases side by side; return what came of each once all have ended."""
        stop = threading.Event()
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            fetched = {
                version: pool.submit(download, version, directory / str(version), self.tell, stop)
                for version in versions
            }
            try:
                wait(fetched.values())
            except BaseException:
                # Ctrl-C, which reaches this thread alone.
                stop.set()
                pool.shutdown(cancel_futures=True)
                raise
        return fetched

    def _keep(self, version: Version, source: str, binary: Path, whole: Path) -> None:
        binary.chmod(0o755)
        codex = find_codex(binary)
        if Version(codex.version) != version:
            message = f"Codex {version} from {source} calls itself {codex.version}"
            raise ReleaseError(message)
        whole.mkdir()
        _write_note(whole / NOTE, version, source, binary)
        binary.rename(whole / "codex")
        target = self.directory / f"{version}-{platform_name()}"
        shutil.rmtree(target, ignore_errors=True)
        whole.rename(target)
        self.tell(f"Codex {version}: downloaded from {source}")


def _told_apart(codexes: Iterable[Codex]) -> Sequence[Codex]:
    """Return ``codexes`` with ``+2`` and so on behind a version that another has already."""
    seen: Counter[str] = Counter()
    apart = []
    for codex in codexes:
        seen[codex.version] += 1
        count = seen[codex.version]
        version = codex.version if count == 1 else f"{codex.version}+{count}"
        apart.append(evolve(codex, version=version))
    return apart


def _write_note(note: Path, version: Version, source: str, binary: Path) -> None:
    with binary.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    said = {
        "version": str(version),
        "source": source,
        "sha256": digest,
        "size": binary.stat().st_size,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    note.write_text(json.dumps(said, indent=2))
