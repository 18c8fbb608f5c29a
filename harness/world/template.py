"""A home that this very Codex has initialised, for every world to start from.

An empty home costs each process its SQLite migrations and the unpacking of its skills: about a
fifth of a lifecycle's processor time in 0.163.0.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from harness.codex.app_server import AppServer, CodexGoneError, CodexSilentError
from harness.codex.binary import Codex
from harness.declare.auth import AUTH_FILE
from harness.declare.scenario import Scenario
from harness.world.world import World

LEFT_OUT = (AUTH_FILE, "config.toml", "models_cache.json", "*-shm", "*-wal")


def build_template(codex: Codex, target: Path, *, root: Path | None = None) -> None:
    """Start ``codex`` once in an empty home, signed out, and keep in ``target`` what it made there.

    A Codex that does not start leaves ``target`` with what it made so far: whether it starts is for
    the suite to see.
    """
    with World(Scenario(), codex, root=root) as world:
        with AppServer(
            codex.path,
            env=world.environment,
            cwd=world.path / "work",
            stderr=world.path / "stderr",
        ) as server:
            _initialize(server)
            server.close()
        for database in world.home.glob("*.sqlite"):
            _checkpoint(database)
        shutil.copytree(world.home, target, ignore=shutil.ignore_patterns(*LEFT_OUT))


def _initialize(server: AppServer) -> None:
    try:
        server.initialize()
        server.request("account/read", {"refreshToken": False})
    except (CodexGoneError, CodexSilentError):
        return


def _checkpoint(database: Path) -> None:
    """Move what Codex left in the write-ahead log into the database itself."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
