"""The ledger of a codex home: what it held before, what it holds after."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from harness.declare.auth import AUTH_FILE, render_auth_json
from harness.seen.names import Names
from harness.seen.records import AuthFile

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


PIECE: Final = 40
"""How many bytes of a token are searched for at a time."""


@frozen(kw_only=True)
class Look:
    """A look at a home.

    Args:
        auth: the bytes of ``auth.json``; ``None`` when there is none.
        mode: its permissions as four octal digits.
        names: the entries at the top of the home.
    """

    auth: bytes | None
    mode: str | None
    names: frozenset[str]

    @classmethod
    def at(cls, home: Path) -> Look:
        """Look at ``home`` as it is now."""
        path = home / AUTH_FILE
        exists = path.is_file()
        return cls(
            auth=path.read_bytes() if exists else None,
            mode=f"{stat.S_IMODE(path.stat().st_mode):04o}" if exists else None,
            names=frozenset(entry.name for entry in home.iterdir())
            if home.is_dir()
            else frozenset(),
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

    def contents(self, names: Names) -> Mapping[str, Any] | None:
        """Return ``auth.json`` as data, tokens by name, without ``last_refresh``; else ``None``."""
        parsed = self._parsed()
        if parsed is None:
            return None
        shown: Mapping[str, Any] = names.redact_all(parsed)
        return {key: value for key, value in shown.items() if key != "last_refresh"}

    def told(self, names: Names) -> Mapping[str, Any]:
        """Return all of it as JSON, tokens by name: ``auth_json``, ``mode``, ``entries``.

        ``auth_json`` is data, or text where the file holds none.
        """
        held: Any = self.contents(names)
        if held is None and self.auth is not None:
            held = names.redact(self.auth.decode(errors="replace"))
        return {"auth_json": held, "mode": self.mode, "entries": sorted(self.names)}

    @property
    def in_codex_layout(self) -> bool | None:
        """Whether the bytes are those that Codex writes for these values; ``None``: no file."""
        if self.auth is None:
            return None
        parsed = self._parsed()
        return parsed is not None and render_auth_json(parsed) == self.auth

    def _parsed(self) -> dict[str, Any] | None:
        try:
            parsed = json.loads(self.auth or b"")
        except ValueError:
            return None
        return parsed if isinstance(parsed, dict) else None


def leaks(root: Path, names: Names, *, besides: Collection[Path] = ()) -> tuple[str, ...]:
    """Return where under ``root`` a token lies, ``besides`` where it belongs: ``"NAME in PATH"``.

    Every byte of every file is searched, and for pieces of a token too, since a database splits
    what does not fit into a page.
    """
    found: set[str] = set()
    for directory, _, files in os.walk(root):
        for path in (Path(directory, file) for file in files):
            if path.is_file() and not path.is_symlink() and path not in besides:
                # What lies in the log of a database counts as in the database.
                contents = path.read_bytes()
                where = str(path.relative_to(root)).removesuffix("-wal")
                found |= {f"{name} in {where}" for name in _held(contents, names.secrets)}
    return tuple(sorted(found))


def _held(contents: bytes, secrets: Mapping[str, str]) -> Iterable[str]:
    """Return the names of the tokens in ``contents``; of pieces where there is no whole one."""
    whole = [name for secret, name in secrets.items() if secret.encode() in contents]
    return whole or [
        f"a piece of {name}"
        for secret, name in secrets.items()
        if any(piece in contents for piece in _pieces(secret.encode()))
    ]


def _pieces(secret: bytes) -> Iterable[bytes]:
    return (secret[i : i + PIECE] for i in range(0, len(secret) - PIECE + 1, PIECE))


def is_runtime_file(name: str) -> bool:
    """Whether ``name``, at the top of a home, is one of ``RUNTIME_FILES``."""
    return any(fnmatch(name, pattern) for pattern in RUNTIME_FILES)
