"""A home that this very Codex has initialised, for every world to start from.

An empty home costs each process its SQLite migrations: more than half of the processor time of a
handshake in 0.163.0, and two fifths of that of a session with a turn. Before 0.114.0, it costs the
unpacking of skills, too, which nothing can turn off there.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path

from harness.codex.app_server import (
    MODEL,
    TURN_INPUT,
    AppServer,
    CodexGoneError,
    CodexSilentError,
)
from harness.codex.binary import Codex
from harness.declare.scenario import Scenario
from harness.seen.ledger import is_runtime_file
from harness.world.world import World, start_app_server

LEFT_OUT = (
    *("config.toml", "models_cache.json", "sessions", "thread-writer-locks"),
    *("*-shm", "*-wal"),
)
"""What belongs to one home, or to a database that is open."""


def build_template(codex: Codex, target: Path, *, root: Path | None = None) -> bool:
    """Let ``codex`` run a turn in an empty home, signed out; keep in ``target`` what it made there.

    A Codex that does not start leaves ``target`` with what it made so far: whether it starts is for
    the suite to see.

    Returns:
        Whether it came to the end of the turn, and so made all that it makes.
    """
    with World(Scenario(), codex, root=root) as world:
        with start_app_server(world) as server:
            is_whole = _initialize(server)
            server.close()
        for database in world.home.glob("*.sqlite"):
            _checkpoint(database)
        keep(world.home, target)
    return is_whole


def keep(home: Path, target: Path) -> None:
    """Copy the runtime files of ``home`` that any other home may start with.

    Whatever else a Codex leaves in its home is left out, so that it shows up in every run.
    """
    target.mkdir()
    for entry in home.iterdir():
        if not is_runtime_file(entry.name) or any(fnmatch(entry.name, name) for name in LEFT_OUT):
            continue
        if entry.is_dir():
            shutil.copytree(entry, target / entry.name)
        else:
            shutil.copyfile(entry, target / entry.name)


def _initialize(server: AppServer) -> bool:
    try:
        server.initialize()
        server.request("account/read", {"refreshToken": False})
        thread = server.request("thread/start", {"model": MODEL})["result"]["thread"]["id"]
        server.request("turn/start", {"threadId": thread, "input": TURN_INPUT})
        server.notification("turn/completed")
    except (CodexGoneError, CodexSilentError, KeyError):
        return False
    return True


def _checkpoint(database: Path) -> None:
    """Move what Codex left in the write-ahead log into the database itself."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
