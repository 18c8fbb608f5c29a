"""The ledger of a codex home: what it held before, what it holds after."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from attrs import field, frozen

from harness.declare.auth import AUTH_FILE, render_auth_json
from harness.seen.names import Names
from harness.seen.records import AuthFile
from harness.seen.said import LOCKED

RUNTIME_FILES: Final = (
    "*.sqlite",
    "*.sqlite-shm",
    "*.sqlite-wal",
    ".personality_migration",
    ".sandbox_migration",
    ".tmp",
    "cloud-config-bundle-cache.json",
    "cloud-requirements-cache.json",
    "config.toml",
    "installation_id",
    "log",
    "memories",
    "models_cache.json",
    "sessions",
    "skills",
    "thread-writer-locks",
    "version.json",
)
"""What a Codex leaves in any home whatever its auth state (0.93.0 to 0.169.0): no news."""

PASSING: Final = ("*.sqlite-shm", "*.sqlite-wal", ".tmp")
"""What of it goes as it came."""

HOMES: Final = ("codex-home", "elsewhere")
"""How the directories of a run begin that are codex homes, or what one is a link to."""

STDERR: Final = "stderr-"
"""How the files begin that take what Codex says on standard error."""

MEMBERS: Final = (
    *("auth_mode", "OPENAI_API_KEY", "tokens", "last_refresh", "agent_identity"),
    *("personal_access_token", "bedrock_api_key", "bedrock_access_keys"),
)
"""The members of an ``auth.json`` in the order in which Codex writes them (0.93.0 to 0.169.0)."""

MEMBERS_OF_TOKENS: Final = (
    *("id_token", "access_token", "refresh_token"),
    *("oauth_provenance", "login_owner_id", "account_id"),
)
"""Those of the tokens in it."""

CONFIG_FILE: Final = "config.toml"

ADDRESS: Final = re.compile(rb"127\.0\.0\.1:\d+")

SQLITE_TEMPORARY: Final = "etilqs_*"
"""What SQLite puts into the place for temporary files, and may leave there when it is killed."""

KINDS: Final = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link"}


@frozen(kw_only=True)
class Look:
    """A look at a home.

    Args:
        auth: the bytes of ``auth.json``; ``None`` when there is none.
        mode: its permissions as four octal digits.
        names: the entries at the top of the home.
        moment: when it was looked at.
    """

    auth: bytes | None
    mode: str | None
    names: frozenset[str]
    moment: datetime

    @classmethod
    def at(cls, home: Path) -> Look:
        """Look at ``home`` as it is now."""
        path = home / AUTH_FILE
        exists = path.is_file()
        return cls(
            auth=path.read_bytes() if exists else None,
            mode=f"{stat.S_IMODE(path.stat().st_mode):04o}" if exists else None,
            # A Path for each entry would cost more than the rest of the look.
            names=frozenset(os.listdir(home) if home.is_dir() else ()),  # noqa: PTH208
            moment=datetime.now(UTC),
        )

    def auth_json_since(self, before: Look) -> AuthFile:
        """Return what became of ``auth.json`` since ``before``."""
        if before.auth is None:
            return "absent" if self.auth is None else "created"
        if self.auth is None:
            return "removed"
        return "untouched" if self.auth == before.auth else "rewritten"

    def appeared_since(self, before: Look) -> tuple[str, ...]:
        """Return the entries that ``before`` had not, other than Codex's runtime files."""
        new = self.names - before.names - {AUTH_FILE}
        return tuple(sorted(name for name in new if not is_runtime_file(name)))

    def contents(self, names: Names, before: Look) -> Mapping[str, Any] | None:
        """Return ``auth.json`` as data, tokens by name; ``None``: it is none.

        Its ``last_refresh`` is ``"now"`` where that is since ``before``.
        """
        parsed = self._parsed()
        if parsed is None:
            return None
        shown: dict[str, Any] = names.redact_all(parsed)
        if "last_refresh" in shown:
            shown["last_refresh"] = _when(shown["last_refresh"], before.moment)
        return shown

    def told(self, names: Names, before: Look) -> Mapping[str, Any]:
        """Return all of it as JSON, tokens by name: ``auth_json``, ``mode``, ``entries``.

        ``auth_json`` is data, or text where the file holds none.
        """
        held: Any = self.contents(names, before)
        if held is None and self.auth is not None:
            held = names.redact(self.auth.decode(errors="replace"))
        return {
            "auth_json": held,
            "mode": self.mode,
            "entries": sorted(map(names.redact, self.names)),
        }

    @property
    def in_codex_layout(self) -> bool | None:
        """Whether the bytes are those that Codex writes for these values; ``None``: no file."""
        if self.auth is None:
            return None
        parsed = self._parsed()
        if parsed is None or render_auth_json(parsed) != self.auth:
            return False
        tokens = parsed.get("tokens")
        return _in_order(parsed, MEMBERS) and (
            not isinstance(tokens, dict) or _in_order(tokens, MEMBERS_OF_TOKENS)
        )

    def _parsed(self) -> dict[str, Any] | None:
        try:
            parsed = json.loads(self.auth or b"")
        except ValueError:
            return None
        return parsed if isinstance(parsed, dict) else None


class Entry(NamedTuple):
    """What lies at a path: its kind, its permissions, and what tells its contents from others."""

    kind: str
    mode: int
    stamp: Any


@frozen
class Ledger:
    """All that lies under a directory, by path.

    Links are entries of their own, and are not followed.
    """

    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, root: Path) -> Ledger:
        """Write down what lies under ``root`` now."""
        entries: dict[str, Entry] = {}
        _enter(entries, str(root), "")
        return cls(entries)

    def written(self, before: Ledger) -> Mapping[str, Entry]:
        """Return the files that are not as they were, by path."""
        return {
            path: entry
            for path, entry in self.entries.items()
            if entry.kind == "file" and entry != before.entries.get(path)
        }

    def changes(self, before: Ledger, *, besides: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return what is not as it was, sorted: ``"created work/x"``, ``"0755 codex-home"``.

        What any Codex leaves in any home is left out, and so is what becomes of ``auth.json``,
        unless something else takes its place or others may read it.

        Args:
            before: what lay there.
            besides: the names of files that are left out.
        """
        told = []
        for path in sorted({*self.entries, *before.entries}):
            old, new = before.entries.get(path), self.entries.get(path)
            if path.rpartition("/")[2] not in besides:
                told += [f"{what} {path}" for what in _changes(old, new) if _is_news(what, path)]
        return tuple(told)


@frozen
class Search:
    """The search for tokens in the files under a directory, in each once for as long as it stays.

    Args:
        root: the directory, from which paths are told.
        names: the tokens.
    """

    root: Path
    names: Names
    _trusted: dict[str, Any] = field(factory=dict, init=False)
    _held: dict[Any, Sequence[str]] = field(factory=dict, init=False)

    def leaks(self, files: Mapping[str, Entry]) -> tuple[str, ...]:
        """Return where a token lies, in any form, sorted: ``"NAME in PATH"``.

        Args:
            files: what is searched, every byte of it, by path from the root.
        """
        secrets = len(self.names.secrets)
        states = [
            (path, (entry.stamp, secrets))
            for path, entry in files.items()
            if entry.stamp != self._trusted.get(path)
        ]
        unknown = {state: self._contents(state[0]) for state in states if state not in self._held}
        # Most often there is none in all of them together, which is searched faster than each.
        some = self.names.held(b" ".join(unknown.values()))
        for state, contents in unknown.items():
            self._held[state] = self.names.held(contents) if some else ()
        told = {
            # What lies in the log of a database counts as in the database.
            f"{name} in {path.removesuffix('-wal')}"
            for path, state in states
            for name in self._held[path, state]
        }
        return tuple(sorted(told))

    def trust(self, path: str) -> None:
        """Take it that a file holds no token as it is now; once it is written, it is searched."""
        self._trusted[path] = _stamp_of((self.root / path).stat())

    def _contents(self, path: str) -> bytes:
        """Return what is in a file; nothing, if there is none any more."""
        with suppress(FileNotFoundError):
            return (self.root / path).read_bytes()
        return b""


def _enter(entries: dict[str, Entry], directory: str, place: str) -> None:
    """Enter what lies in a directory, and below, each by its path from the first on.

    Without a ``Path`` for each: they would cost more than all the looking.
    """
    try:
        with os.scandir(directory) as found:
            inside = list(found)
    except OSError:
        return
    for one in inside:
        with suppress(FileNotFoundError):
            entries[place + one.name] = _entry(one.path, one.stat(follow_symlinks=False))
        if one.is_dir(follow_symlinks=False):
            _enter(entries, one.path, f"{place}{one.name}/")


def _entry(path: str, status: os.stat_result) -> Entry:
    kind = KINDS.get(stat.S_IFMT(status.st_mode), "other")
    return Entry(kind, stat.S_IMODE(status.st_mode), _stamp(kind, path, status))


def _stamp_of(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


def _stamp(kind: str, path: str, status: os.stat_result) -> Any:
    if kind == "link":
        return os.readlink(path)  # noqa: PTH115
    if kind != "file":
        return None
    if path.endswith(f"/{CONFIG_FILE}"):
        # A Codex may be tried through a proxy, whose address is then in the place of the backend's.
        return ADDRESS.sub(b"", Path(path).read_bytes())
    return _stamp_of(status)


def _changes(old: Entry | None, new: Entry | None) -> Iterator[str]:
    if old is None or new is None:
        yield "created" if old is None else "removed"
    elif old.kind != new.kind:
        yield f"{old.kind} became {new.kind}"
    elif old.stamp != new.stamp:
        yield "changed"
    if old and new and old.kind == new.kind and old.mode != new.mode:
        yield f"{new.mode:04o}"


def _in_order(contents: Mapping[str, Any], members: Sequence[str]) -> bool:
    """Whether ``contents`` has none but these members, in this order."""
    return list(contents) == [name for name in members if name in contents]


def _when(moment: Any, before: datetime) -> Any:
    """Return whether a moment is since ``before``; whatever is no moment, as it is."""
    try:
        return "now" if datetime.fromisoformat(moment) > before else "earlier"
    except (TypeError, ValueError):
        return moment


def _is_news(what: str, path: str) -> bool:
    directory, _, inside = path.partition("/")
    name = inside.partition("/")[0]
    if path.endswith(AUTH_FILE):
        return what not in ("created", "changed", "removed")
    if what == "created":
        ours = directory.startswith(STDERR) or fnmatch(path, SQLITE_TEMPORARY)
        return not (ours or name in LOCKED or (_is_home(directory) and is_runtime_file(name)))
    if what == "changed":
        kept = name == CONFIG_FILE or not is_runtime_file(name)
        return not _is_home(directory) or kept
    return not any(fnmatch(name, pattern) for pattern in PASSING)


def _is_home(name: str) -> bool:
    return name.startswith(HOMES)


@lru_cache
def is_runtime_file(name: str) -> bool:
    """Whether ``name``, at the top of a home, is one of ``RUNTIME_FILES``."""
    return any(fnmatch(name, pattern) for pattern in RUNTIME_FILES)
