"""The store of Codex releases in the user's cache directory: each is downloaded once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen
from packaging.version import Version
from platformdirs import user_cache_path

from harness.codex.binary import Codex, find_codex
from harness.codex.download import Tell, download, platform_name
from harness.codex.releases import (
    ReleaseError,
    is_range,
    known_releases,
    local_codex,
    matching_releases,
)

NOTE: Final = "release.json"
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

    def resolve(self, words: Iterable[str]) -> Sequence[Codex]:
        """Return every Codex that ``words`` mean, each once, downloading what is not here.

        A word is the number of a release, a range, ``latest``, ``pinned``, or a path.

        Raises:
            CodexNotFoundError: one cannot be had; the message says what was tried.
        """
        meant = [local_codex(word) or self._meant(word) for word in words]
        releases = [version for one in meant if not isinstance(one, Codex) for version in one]
        here = dict(zip(releases, self.get(releases), strict=True))
        found: dict[Path, Codex] = {}
        for one in meant:
            several = [one] if isinstance(one, Codex) else [here[version] for version in one]
            found |= {codex.path: codex for codex in several}
        return _told_apart(found.values())

    def _meant(self, word: str) -> Sequence[Version]:
        known = known_releases() if is_range(word) or word == "latest" else ()
        return matching_releases(word, known)

    def installed(self) -> Mapping[Version, Codex]:
        """Return the releases that are here, the oldest first."""
        found = {}
        for note in self.directory.glob(f"*-{platform_name()}/{NOTE}"):
            said = json.loads(note.read_text())
            path = note.with_name("codex")
            if path.is_file() and path.stat().st_size == said["size"]:
                found[Version(said["version"])] = Codex(path, said["version"], word=said["version"])
        return dict(sorted(found.items()))

    def get(self, versions: Sequence[Version]) -> Sequence[Codex]:
        """Return these releases, downloading those that are not here.

        Raises:
            ReleaseError: one cannot be had; the message says what was tried.
        """
        here = self.installed()
        if not all(version in here for version in versions):
            with self._locked():
                here = self.installed()
                missing = [version for version in dict.fromkeys(versions) if version not in here]
                with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
                    list(pool.map(self._download, missing))
                here = self.installed()
        return [here[version] for version in versions]

    def remove(self, versions: Iterable[Version]) -> Sequence[Version]:
        """Remove these releases; return those that were here."""
        here = self.installed()
        with self._locked():
            gone = [version for version in versions if version in here]
            for version in gone:
                shutil.rmtree(here[version].path.parent)
        return gone

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes out, and clear away what one that was killed has left."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for partial in self.directory.glob("partial-*"):
                shutil.rmtree(partial, ignore_errors=True)
            yield

    def _download(self, version: Version) -> None:
        """Put one release here: whole, or not at all."""
        partial = Path(tempfile.mkdtemp(prefix=f"partial-{version}-", dir=self.directory))
        try:
            source, binary = download(version, partial, self.tell)
            binary.chmod(0o755)
            codex = find_codex(binary)
            if codex.version != str(version):
                message = f"Codex {version} from {source} calls itself {codex.version}"
                raise ReleaseError(message)
            whole = partial / "whole"
            whole.mkdir()
            _write_note(whole / NOTE, version, source, binary)
            binary.rename(whole / "codex")
            whole.rename(self.directory / f"{version}-{platform_name()}")
        finally:
            shutil.rmtree(partial, ignore_errors=True)
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
