"""How a home lies on the disk: what is declared, what is written, what Codex may do there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from running import run_suite, write_scenarios

from harness import SIGNED_IN, Layout, NoAuth, Scenario, do
from harness.codex.binary import Codex
from harness.declare.layout import FileKind, HomeKind
from harness.judge.implied import expected
from harness.seen.ledger import Look
from harness.suite.story import Telling
from harness.world.confine import impossible
from harness.world.world import World

LINKED = '''"""A home that is a link."""

from harness import SIGNED_IN, Layout, Scenario

scenario = Scenario(auth=SIGNED_IN, layout=Layout(home="link"))
'''

NO_CODEX = Codex(path=Path("/bin/false"), version="0.163.0", word="false")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"file_mode": "0200"}, "'file_mode' takes a mode that the owner can read, '0400'"),
        ({"home_mode": 0o500}, "'home_mode' takes a mode that the owner can read"),
        ({"auth_json": "symlink"}, "'auth_json' takes one of file, link, dangling"),
        ({"home": "gone"}, "'home' takes one of directory, link, empty, missing, file"),
    ],
)
def test_mistake_says_what_to_write(wrong: dict[str, object], says: str) -> None:
    """Each names the field."""
    with pytest.raises(ValueError, match=says):
        Layout(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "is_kind"),
    [
        ("file", lambda path: not path.is_symlink() and path.stat().st_nlink == 1),
        ("link", lambda path: path.is_symlink() and path.is_file()),
        ("hard link", lambda path: not path.is_symlink() and path.stat().st_nlink == 2),
        ("dangling", lambda path: path.is_symlink() and not path.exists()),
        ("directory", lambda path: path.is_dir()),
    ],
)
def test_auth_json_is_what_is_declared(
    tmp_path: Path, kind: FileKind, is_kind: Callable[[Path], bool]
) -> None:
    """With its mode, and its tokens at the other end of a link."""
    auth = NoAuth() if kind in ("dangling", "directory") else SIGNED_IN
    scenario = Scenario(auth=auth, layout=Layout(auth_json=kind, file_mode="0644"))
    with World(scenario, NO_CODEX, root=tmp_path) as world:
        assert is_kind(world.home / "auth.json")
        assert world.look().mode == (None if isinstance(auth, NoAuth) else "0644")


@pytest.mark.parametrize("kind", ["directory", "link", "empty", "missing", "file"])
def test_home_is_what_is_declared(tmp_path: Path, kind: HomeKind) -> None:
    """And can be looked at, whatever it is."""
    template = tmp_path / "template"
    template.mkdir()
    (template / "state.sqlite").touch()
    scenario = Scenario(layout=Layout(home=kind))
    with World(scenario, NO_CODEX, template=template, root=tmp_path) as world:
        home = world.home
        assert home.is_symlink() == (kind == "link")
        assert home.is_dir() == (kind not in ("missing", "file"))
        assert home.is_file() == (kind == "file")
        files = {"config.toml", "state.sqlite"} if home.is_dir() else set()
        assert Look.at(home).names == (files - {"state.sqlite"} if kind == "empty" else files)


def test_world_without_the_right_to_write_is_removed(tmp_path: Path) -> None:
    """Though it holds directories that nobody may change."""
    scenario = Scenario(auth=SIGNED_IN, layout=Layout(home_mode="0500"))
    with World(scenario, NO_CODEX, root=tmp_path) as world:
        assert world.home.is_dir()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="modes bind root on Linux alone")
def test_modes_bind_whoever_runs_this(tmp_path: Path) -> None:
    """What Codex is started through cannot write there."""
    scenario = Scenario(auth=SIGNED_IN, layout=Layout(file_mode="0400", home_mode="0500"))
    if impossible(scenario):
        pytest.skip(impossible(scenario))
    with World(scenario, NO_CODEX, root=tmp_path) as world:
        written = [
            subprocess.run(
                [*world.launcher, "sh", "-c", f'echo x >> "{path}"'],
                capture_output=True,
                check=False,
            ).returncode
            for path in (world.home / "auth.json", world.home / "new")
        ]
        assert 0 not in written
        assert world.look().auth == Look.at(world.home).auth
        assert not os.path.lexists(world.home / "new")


def test_machine_that_cannot_bind_root_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenario is then told as not applicable."""
    monkeypatch.setattr("harness.world.confine._no_setpriv", lambda: "no setpriv here")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    scenario = Scenario(auth=SIGNED_IN, layout=Layout(file_mode="0400"))

    assert impossible(scenario) == "modes bind root only without its privileges: no setpriv here"
    assert not impossible(Scenario(auth=SIGNED_IN, layout=Layout(file_mode="0644")))


def test_mode_of_the_layout_is_implied() -> None:
    """Codex keeps the one that it finds."""
    seen = expected(Scenario(auth=SIGNED_IN, layout=Layout(file_mode="0644")))

    assert (seen.home.mode, seen.refresh.mode) == ("0644", "0644")


def test_what_a_link_leads_to_is_looked_at(tmp_path: Path) -> None:
    """Also once the link is gone."""
    scenario = Scenario(auth=SIGNED_IN, layout=Layout(auth_json="link"), story=[do.look()])
    with World(scenario, NO_CODEX, root=tmp_path) as world, Telling(world) as telling:
        seen = telling.tell(scenario.story).steps["look"]
        assert (seen.kind, seen.auth_json, seen.elsewhere) == ("link", "untouched", "untouched")
        (world.home / "auth.json").unlink()
        seen = telling.tell(scenario.story).steps["look"]
        assert (seen.kind, seen.auth_json, seen.elsewhere) == ("absent", "removed", "untouched")
        (world.elsewhere / "auth.json").unlink()
        assert telling.tell(scenario.story).steps["look"].elsewhere == "removed"


def test_file_may_be_changed_beside_another_step() -> None:
    """And an app-server be killed; two questions to one app-server may not."""
    do.together(do.read(refresh=True), do.put(NoAuth()), do.kill(), after="POST /oauth/token")
    with pytest.raises(ValueError, match="steps on different app-servers"):
        do.together(do.read(), do.status(), do.kill())


def test_suite_runs_in_a_home_that_is_a_link(tmp_path: Path) -> None:
    """As any other."""
    directory = write_scenarios(tmp_path, {"linked": LINKED})

    outcome = run_suite("-n", "0", "-k", "home or refresh", "scenarios", cwd=directory)

    assert (outcome.exit_code, outcome.failed) == (0, set()), outcome.text
