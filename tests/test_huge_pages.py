"""Binaries in huge pages: a run starts what it would start otherwise, and nobody else notices."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from running import ROOT, run_suite, write_scenarios

from harness.codex import huge_pages
from harness.codex.binary import Codex, pinned_codex
from harness.codex.huge_pages import SHARE, HugePages
from harness.plugin import holding
from harness.plugin.holding import HoldingPlugin
from harness.world.network import why_shared

needs_mounts = pytest.mark.skipif(
    bool(why_shared()), reason=f"no mounts of its own: {why_shared()}"
)

HOLD = """
import json, os, subprocess, sys
from pathlib import Path
from harness.codex.huge_pages import huge_pages
from harness.namespaces import gain_privileges

binary, directory = map(Path, sys.argv[1:])
before = binary.stat()
gain_privileges()
held = huge_pages(directory).hold(binary)
print(json.dumps({
    "held": held,
    "is_a_copy": not os.path.samestat(before, binary.stat()),
    "options": [line.split()[3] for line in open("/proc/self/mounts") if str(directory) in line],
    "shared": [line for line in open("/proc/self/mountinfo") if "shared:" in line],
    "path": subprocess.run([binary, "/proc/self/exe"], stdout=-1, text=True).stdout.strip(),
}))
"""
"""Holds a binary, ``readlink``, and asks it where it was started from."""

WITH_SHARED_MOUNTS = [
    "unshare",
    "--user",
    "--map-root-user",
    "--mount",
    "--propagation",
    "shared",
    "--",
]
"""As on most machines: what is mounted in one place shows up in all."""

CONFTEST = """
from pathlib import Path
from harness.codex.huge_pages import HugePages
from harness.plugin import holding

holding.MANY = 1
hold = HugePages.hold

def tell(pages, binary):
    with Path("held").open("a") as file:
        print(binary, hold(pages, binary), file=file)

HugePages.hold = tell
"""

SIGNED_OUT = '''
"""Signed out."""
from harness import Scenario
scenario = Scenario()
'''


@needs_mounts
def test_binary_lies_in_huge_pages_for_one_process_alone(tmp_path: Path) -> None:
    """At its path; what is left for others is the file, and an empty directory."""
    binary, directory = tmp_path / "binary", tmp_path / "huge"
    shutil.copy(shutil.which("readlink") or "", binary)
    before = binary.stat()

    told = subprocess.run(
        [*WITH_SHARED_MOUNTS, sys.executable, "-c", HOLD, binary, directory],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )

    seen = json.loads(told.stdout)
    assert ["huge=always" in one for one in seen.pop("options")] == [True]
    assert seen == {"held": True, "is_a_copy": True, "shared": [], "path": str(binary)}
    assert binary.stat().st_ino == before.st_ino
    assert list(directory.iterdir()) == []
    assert str(directory) not in Path("/proc/self/mounts").read_text()


@pytest.mark.parametrize("spare", [-1, 0])
def test_copy_takes_its_share_of_memory_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    """One byte less, and the binary stays where it is."""
    over: list[tuple[Path, bytes]] = []
    monkeypatch.setattr(
        huge_pages, "mount_over", lambda there, copy: over.append((there, copy.read_bytes()))
    )
    monkeypatch.setattr(huge_pages, "_memory_left", lambda: 4 * SHARE + spare)
    binary, directory = tmp_path / "binary", tmp_path / "huge"
    binary.write_bytes(b"four")
    directory.mkdir()

    held = HugePages(directory).hold(binary)

    assert (held, over) == ((True, [(binary, b"four")]) if spare == 0 else (False, []))


def test_copy_that_cannot_be_mounted_takes_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The binary stays where it is."""

    def refuse(_there: Path, _copy: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(huge_pages, "mount_over", refuse)
    binary, directory = tmp_path / "binary", tmp_path / "huge"
    binary.write_bytes(b"binary")
    directory.mkdir()

    held = HugePages(directory).hold(binary)

    assert (held, list(directory.iterdir())) == (False, [])


@pytest.mark.parametrize(("cells", "expected"), [(3, []), (4, ["binary"])])
def test_binaries_are_copied_where_many_cells_use_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: int, expected: Iterable[str]
) -> None:
    """Once, however many workers tell of the cells; a script is not the binary."""
    monkeypatch.setattr(holding, "MANY", 2)
    held: list[str] = []
    monkeypatch.setattr(HugePages, "hold", lambda _pages, path: held.append(path.name))
    for name, contents in {"binary": b"\x7fELF", "script": b"#!/bin/sh"}.items():
        (tmp_path / name).write_bytes(contents)
    codexes = [Codex(tmp_path / name, "1.2.3") for name in ("script", "binary")]
    plugin = HoldingPlugin(HugePages(tmp_path), codexes)

    for _worker in range(2):
        plugin.pytest_xdist_node_collection_finished(["cell"] * cells)
    plugin.pytest_unconfigure()

    assert held == expected


@needs_mounts
def test_run_with_workers_holds_its_codex(tmp_path: Path) -> None:
    """And is green with it."""
    directory = write_scenarios(tmp_path / "project", {"signed_out": SIGNED_OUT})
    (directory / "conftest.py").write_text(CONFTEST)

    outcome = run_suite("-n", "1", "scenarios", cwd=directory)

    assert outcome.exit_code == 0, outcome.text
    assert (directory / "held").read_text() == f"{pinned_codex()} True\n"
