"""A scenario made real: a temporary codex home, an environment and a running fake backend."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Self, TypeGuard

import tomlkit

from harness.codex.app_server import AppServer
from harness.codex.binary import Codex
from harness.declare.auth import ChatGptAuth, write_auth
from harness.declare.host import HostTokens
from harness.declare.scenario import Scenario
from harness.declare.tokens import IdTokenClaims
from harness.seen.ledger import Look
from harness.seen.names import Names
from harness.world.backend import FakeOpenAI
from harness.world.host import HostApp

BACKEND: Final = "http://backend"
"""Stands for the address of the backend, which is another in each world."""

INHERITED: Final = ("LANG", "LC_ALL", "TZ")
"""The only variables of the user's environment that reach a Codex under test."""

NO_AUTHORITY: Final = files("harness.world") / "no-authority.pem"
"""One certificate, so that no Codex spends its time on parsing the system's (90 ms a client)."""


class World:
    """Everything that one run of Codex sees: ``with World(scenario, codex, …) as world:``.

    Args:
        scenario: the state to write.
        codex: the Codex that will be run.
        template: a directory whose files every new home starts with, or ``None``.
        root: where the temporary directory goes, by default the system's place for them.
    """

    def __init__(
        self,
        scenario: Scenario,
        codex: Codex,
        *,
        template: Path | None = None,
        root: Path | None = None,
    ) -> None:
        """Prepare; nothing is written before ``with``."""
        self.scenario = scenario
        self.codex = codex
        self.names = Names()
        self._template = template
        self._root = root
        self.backend = FakeOpenAI(
            scenario.backend,
            claims=_claims(scenario),
            workspaces=_workspaces(scenario),
            names=self.names,
        )
        self.host = HostApp(scenario.host, self.names, codex.release)
        self.servers: list[AppServer] = []

    def __enter__(self) -> Self:
        """Write the home, start the backend."""
        self.path = Path(tempfile.mkdtemp(prefix="world-", dir=self._root)).resolve()
        try:
            self._write()
            self.backend.__enter__()
        except BaseException:
            shutil.rmtree(self.path, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the backend, remove everything that was written."""
        self.host.close()
        self.backend.__exit__()
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The codex home."""
        return self.path / "codex-home"

    @property
    def environment(self) -> Mapping[str, str]:
        """All that Codex is started with."""
        return environment(self)

    def look(self) -> Look:
        """Look at the home as it is now."""
        return Look.at(self.home)

    def _write(self) -> None:
        now = datetime.now(UTC)
        for directory in ("empty", "user", "work"):
            (self.path / directory).mkdir()
        self.home.mkdir()
        if self._template:
            start_from(self._template, self.home)
        toml = rendered_configuration(repr(self.scenario.config), self.scenario.config)
        (self.home / "config.toml").write_text(toml.replace(BACKEND, self.backend.url))
        write_auth(self.home, self.scenario.auth, now=now)
        self._name_what_varies(self.scenario.auth.render(now))

    def _name_what_varies(self, auth_json: bytes | None) -> None:
        """Give the tokens in the home, the address of the backend and the paths their names."""
        try:
            contents = json.loads(auth_json or b"")
            tokens = contents.get("tokens") or {}
            secrets = {name: tokens.get(f"{name}_token") for name in ("access", "refresh", "id")}
            named = {f"{name}-0": secret for name, secret in secrets.items()}
            named["api-key"] = contents.get("OPENAI_API_KEY")
        except (ValueError, AttributeError):
            named = {}
        for name, secret in named.items():
            if isinstance(secret, str):
                self.names.add(name, secret)
        self.names.add_place(BACKEND, self.backend.url)
        self.names.add_place("/world", str(self.path))


def start_app_server(world: World) -> AppServer:
    """Start ``codex app-server`` in ``world``."""
    server = AppServer(
        world.codex.path,
        env=world.environment,
        cwd=world.path / "work",
        stderr=world.path / f"stderr-{len(world.servers)}",
        on_request=world.host.answer,
    )
    world.servers.append(server)
    return server


def start_from(template: Path, home: Path) -> None:
    """Give ``home`` what ``template`` holds: copies of its files, links to its directories.

    The directories hold nothing but the skills that Codex unpacks, some eighty files.
    """
    for entry in template.iterdir():
        if entry.is_dir():
            (home / entry.name).symlink_to(entry)
        else:
            shutil.copyfile(entry, home / entry.name)


_RENDERED: dict[str, str] = {}


def rendered_configuration(key: str, keys: Mapping[str, Any]) -> str:
    """Return ``config.toml`` with ``BACKEND`` in it, rendered once for every ``key``.

    Rendering costs as much as the rest of a home, and most scenarios have the same configuration.
    """
    if key not in _RENDERED:
        _RENDERED[key] = tomlkit.dumps(configuration(BACKEND, keys))
    return _RENDERED[key]


def configuration(url: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``config.toml``: all traffic to the backend at ``url``, no background work, ``keys``.

    A scenario's key replaces the harness's own; tables are merged.
    """
    ours = {
        "model": "gpt-5",
        "model_provider": "fake",
        "chatgpt_base_url": f"{url}/backend-api",
        "openai_base_url": f"{url}/v1",
        "check_for_update_on_startup": False,
        "analytics": {"enabled": False},
        "features": {
            "plugins": False,
            "apps": False,
            "remote_plugin": False,
            "shell_snapshot": False,
            "remote_models": False,
        },
        "model_providers": {
            "fake": {
                "name": "fake",
                "base_url": f"{url}/v1",
                "wire_api": "responses",
                "requires_openai_auth": True,
                "request_max_retries": 0,
                "stream_max_retries": 0,
            }
        },
    }
    return _merge(ours, keys)


def environment(world: World) -> dict[str, str]:
    """Return the environment of a Codex in ``world``, which is built from nothing.

    A native binary finds an empty ``PATH`` and so starts no helpers; a script needs the user's to
    find its interpreter.
    """
    url = world.backend.url
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    path = os.environ.get("PATH", os.defpath) if world.codex.is_script else world.path / "empty"
    proxies = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
    return {
        **inherited,
        **dict.fromkeys(proxies, url),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "CODEX_HOME": str(world.home),
        "HOME": str(world.path / "user"),
        "PATH": str(path),
        # Codex makes no helper links in a home that lies in the place for temporary files.
        "TMPDIR": str(world.path),
        "SSL_CERT_FILE": str(NO_AUTHORITY),
        "OPENAI_BASE_URL": f"{url}/v1",
        "CODEX_REFRESH_TOKEN_URL_OVERRIDE": f"{url}/oauth/token",
        "CODEX_REVOKE_TOKEN_URL_OVERRIDE": f"{url}/oauth/revoke",
        **world.scenario.env,
    }


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _merge(old, value)
        else:
            merged[key] = value
    return merged


def _claims(scenario: Scenario) -> IdTokenClaims:
    owners = [scenario.auth, *_tokens_of_the_host(scenario)]
    return next((one.claims for one in owners if _is_chatgpt(one)), IdTokenClaims())


def _workspaces(scenario: Scenario) -> tuple[str, ...]:
    if scenario.backend.workspaces is not None:
        return tuple(scenario.backend.workspaces)
    owners = [scenario.auth, *_tokens_of_the_host(scenario)]
    listed = [one.account_id for one in owners if _is_chatgpt(one) and one.account_id]
    return tuple(dict.fromkeys(listed))


def _tokens_of_the_host(scenario: Scenario) -> tuple[HostTokens, ...]:
    return scenario.host.tokens if scenario.host else ()


def _is_chatgpt(owner: object) -> TypeGuard[ChatGptAuth | HostTokens]:
    return isinstance(owner, (ChatGptAuth, HostTokens))
