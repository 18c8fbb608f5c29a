"""A scenario made real: a temporary codex home, an environment and a running fake backend."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import tomlkit
from attrs import evolve, frozen

from harness.codex.app_server import MODEL, AppServer
from harness.codex.binary import Codex, CodexNotFoundError
from harness.codex.command import Command
from harness.declare.auth import (
    AUTH_FILE,
    LEFT_OUT,
    SIGNED_IN,
    AgentIdentity,
    Auth,
    ChatGptAuth,
    EditedAuth,
    PersonalAccessToken,
    Secret,
    Variable,
    encode_auth,
    store_auth,
    text_of,
)
from harness.declare.do import homes
from harness.declare.host import HostTokens
from harness.declare.layout import ORDINARY, Layout
from harness.declare.scenario import Scenario
from harness.declare.tokens import AccessToken, IdTokenClaims
from harness.reaper import remove
from harness.seen.config import config_told
from harness.seen.ledger import Entry, Look, Search
from harness.seen.names import Names
from harness.world.backend import ISSUER, FakeOpenAI
from harness.world.confine import launcher
from harness.world.host import HostApp
from harness.world.logins import Logins
from harness.world.network import Network, SharedNetwork, private_network

if TYPE_CHECKING:
    from harness.world.tls import Authority

BACKEND: Final = "http://backend"
"""Stands for the address of the backend, which is another in each world."""

BACKEND_BY_TLS: Final = "https://backend"
"""Stands for the other address of the backend, where it speaks TLS."""

AUTHORITY: Final = "{authority}"
"""Stands for the file with the certificate of the authority that vouches for the backend."""

INHERITED: Final = ("LANG", "LC_ALL", "TZ")
"""The only variables of the user's environment that reach a Codex under test."""

SECRET_VARIABLES: Final = ("_IDENTITY", "_KEY", "_TOKEN")
"""How variables end whose value is a secret, which is then called by their name."""

AGENT_IDENTITY: Final = "agent-identity"
"""What the token of an agent is called."""

SDK_CLIENT: Final = files("harness.world") / "sdk_client.py"

NO_AUTHORITY: Final = files("harness.world") / "no-authority.pem"
"""One certificate, so that no Codex spends its time on parsing the system's (90 ms a client)."""


@frozen(kw_only=True)
class Place:
    """Where a world is that others are to find, in the network of the machine.

    Args:
        path: a directory to be used instead of a temporary one, which is made or empty.
        listener: as for the backend.
        address: where the home and the environment say that the backend is; ``""``: where it is.
    """

    path: Path | None = None
    listener: socket.socket | None = None
    address: str = ""


class World:
    """Everything that one run of Codex sees: ``with World(scenario, codex, …) as world:``.

    Args:
        scenario: the state to write.
        codex: the Codex that will be run.
        template: a directory whose files every new home starts with, or ``None``.
        root: where the temporary directory goes, by default the system's place for them.
        place: where others find it; ``None``: nobody does, and it has a network of its own.
    """

    def __init__(
        self,
        scenario: Scenario,
        codex: Codex,
        *,
        template: Path | None = None,
        root: Path | None = None,
        place: Place | None = None,
    ) -> None:
        """Prepare; nothing is written before ``with``."""
        self.scenario = scenario
        self.codex = codex
        self.names = Names()
        self._template = template
        self._root = root
        self._place = place
        self._put = 0
        self._authority = _authority(scenario)
        self.host = HostApp(scenario.host, self.names, codex.release)
        self.servers: list[AppServer] = []
        self.commands = 0
        self.logins = Logins(self.names)
        self.launcher: Sequence[str] = ()

    def __enter__(self) -> Self:
        """Move this thread into the network of the world, start the backend, write the home.

        Raises:
            ConfinementError: this machine cannot give Codex what the scenario wants around it.
            OSError: the directory cannot be made, or is not empty.
        """
        with ExitStack() as stack:
            self.path = _made(self._place, self._root)
            stack.callback(remove, self.path)
            self.launcher = launcher(self.scenario, self.etc)
            self.network = stack.enter_context(self._network())
            self.backend = stack.enter_context(self._backend())
            stack.callback(self.host.close)
            self._write()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the backend, remove everything that was written."""
        self._stack.close()

    def _network(self) -> AbstractContextManager[Network]:
        """Return a network of its own, unless others are to find it."""
        return nullcontext(SharedNetwork()) if self._place else private_network()

    def _backend(self) -> FakeOpenAI:
        accounts = accounts_of(self.scenario)
        return FakeOpenAI(
            self.scenario.backend,
            claims=accounts.claims,
            owner=accounts.owner_of_token,
            workspaces=accounts.workspaces,
            names=self.names,
            network=self.network,
            listener=self._place.listener if self._place else None,
            tls=self._authority.server if self._authority else None,
        )

    def write(self) -> None:
        """Write the home and what lies around it, for a backend that may be none; raises likewise.

        Whoever calls this and does not use ``with`` keeps what was written.
        """
        self.path = _made(self._place, self._root)
        try:
            self.launcher = launcher(self.scenario, self.etc)
            self._write()
        except BaseException:
            remove(self.path)
            raise

    @property
    def speaks_tls(self) -> bool:
        """Whether Codex is led to the backend by TLS, too."""
        return self._authority is not None

    @property
    def address(self) -> str:
        """Where the home and the environment say that the backend is."""
        return (self._place and self._place.address) or self.backend.url

    @cached_property
    def home(self) -> Path:
        """The codex home."""
        return self.home_named("")

    @property
    def elsewhere(self) -> Path:
        """Where the other end of a link lies: an ``auth.json`` beside the home, or the home."""
        return self.path / "elsewhere"

    @property
    def etc(self) -> Path:
        """What Codex finds as ``/etc`` where the scenario has requirements of the machine."""
        return self.path / "etc"

    @property
    def environment(self) -> Mapping[str, str]:
        """All that Codex is started with."""
        return environment(self)

    def home_named(self, name: str) -> Path:
        """Return the codex home of a story that is called ``name``; ``""``: the scenario's own."""
        return self.path / (f"codex-home-{name}" if name else "codex-home")

    @cached_property
    def _holding(self) -> Collection[str]:
        """The files in which the tokens belong, by their paths from the world's own."""
        named = map(self.home_named, ("", *homes(self.scenario.story)))
        return {f"{home.name}/{AUTH_FILE}" for home in (*named, self.elsewhere)}

    def besides_auth_json(self, files: Mapping[str, Entry]) -> Mapping[str, Entry]:
        """Return those of ``files``, by path from the world's own, in which no token belongs."""
        return {path: entry for path, entry in files.items() if path not in self._holding}

    def look(self) -> Look:
        """Look at the home as it is now."""
        return Look.at(self.home)

    def put(self, auth: Auth, home: Path) -> None:
        """Write ``auth`` into a home, in place of what is there, with an access token of its own.

        Its tokens are called ``access-put-1`` and so on.
        """
        self._put += 1
        serial = f"put-{self._put}"
        now = datetime.now(UTC)
        if isinstance(auth, ChatGptAuth) and isinstance(auth.access_token, AccessToken):
            auth = auth.but(access_token=evolve(auth.access_token, name=f"access-{serial}"))
        (home / AUTH_FILE).unlink(missing_ok=True)
        stored = encode_auth(auth, now)
        store_auth(home, stored)
        self._name_tokens(stored, serial)

    def configure(self, config: Mapping[str, Any] | str, home: Path) -> None:
        """Write ``config.toml`` with these keys beside those of the harness, or as this text."""
        toml = _as_toml(config, lambda keys: rendered_configuration(repr(keys), keys))
        (home / "config.toml").write_text(self.with_addresses(toml))

    def told_config(self, home: Path) -> Sequence[str]:
        """Return what ``config.toml`` says beside what the harness writes of itself."""
        text = (home / "config.toml").read_text().replace(self.address, BACKEND)
        return config_told(text, configuration(BACKEND, {}))

    def with_addresses(self, text: str) -> str:
        """Return ``text`` with the addresses of the backend, and its authority, in their place."""
        for name, place in self._stands_for.items():
            text = text.replace(name, place)
        return text

    @cached_property
    def _stands_for(self) -> Mapping[str, str]:
        by_tls = {BACKEND_BY_TLS: self.backend.tls_url} if self._authority else {}
        return {BACKEND: self.address, AUTHORITY: str(self.authority), **by_tls}

    @cached_property
    def authority(self) -> Path:
        """The certificates that Codex trusts, unless it is told otherwise."""
        return self.path / "authority.pem" if self._authority else Path(str(NO_AUTHORITY))

    def require(self, requirements: Mapping[str, Any] | str | None) -> None:
        """Write the requirements of the machine, keys or text; ``None``: there are none."""
        path = self.etc / "codex" / "requirements.toml"
        if requirements is None:
            path.unlink(missing_ok=True)
            return
        toml = _as_toml(requirements, lambda keys: tomlkit.dumps(dict(keys)))
        path.write_text(self.with_addresses(toml))

    def _write(self) -> None:
        now = datetime.now(UTC)
        self.search = Search(self.path, self.names)
        for directory in ("empty", "user", "work"):
            (self.path / directory).mkdir()
        auth = encode_auth(self.scenario.auth, now)
        for home in map(self.home_named, ("", *homes(self.scenario.story))):
            self._write_home(home, auth)
        self._name_tokens(auth, "0")
        for secret in _told_to_commands(self.scenario):
            self.names.add(AGENT_IDENTITY, secret)
        for name, value in self.scenario.env.items():
            if name.endswith(SECRET_VARIABLES) and value is not LEFT_OUT:
                self.names.add(f"${name}", text_of(value))
        if self._authority:
            self.authority.write_text(self._authority.pem)
            self.names.add_place(BACKEND_BY_TLS, self.backend.tls_url)
        self.names.add_place(BACKEND, self.address)
        self.names.add_place("/world", str(self.path))
        if self.scenario.requirements is not None:
            (self.etc / "codex").mkdir(parents=True)
            (self.etc / "hosts").write_text("127.0.0.1 localhost\n")
            self.require(self.scenario.requirements)

    def _write_home(self, home: Path, auth: bytes | None) -> None:
        """Write a codex home with this ``auth.json``.

        Only the scenario's own home lies as its layout says.
        """
        layout = self.scenario.layout if home == self.home else ORDINARY
        if not layout.has_home:
            if layout.home == "file":
                home.touch()
            return
        if layout.home == "link":
            home.symlink_to(self.elsewhere)
            self.elsewhere.mkdir()
        else:
            home.mkdir()
        if self._template and layout.home != "empty":
            for copy in start_from(self._template, home):
                # There were no tokens yet when it was made.
                self.search.trust(f"{home.name}/{copy.name}")
        self.configure(self.scenario.config, home)
        self._write_auth(home, layout, auth)
        home.chmod(int(layout.home_mode, 8))

    def _write_auth(self, home: Path, layout: Layout, auth: bytes | None) -> None:
        """Write ``auth.json``, or what it is a link to; ``None``: there is none."""
        path = home / AUTH_FILE
        linked = layout.auth_json in ("link", "dangling", "hard link")
        if linked:
            self.elsewhere.mkdir()
        written = store_auth(self.elsewhere if linked else home, auth)
        if written:
            written.chmod(int(layout.file_mode, 8))
        if layout.auth_json == "directory":
            path.mkdir()
        elif layout.auth_json == "hard link":
            path.hardlink_to(self.elsewhere / AUTH_FILE)
        elif linked:
            path.symlink_to(self.elsewhere / AUTH_FILE)

    def _name_tokens(self, auth_json: bytes | None, serial: str) -> None:
        """Give the tokens in an ``auth.json`` names that end with ``serial``."""
        try:
            contents = json.loads(auth_json or b"")
            tokens = contents.get("tokens") or {}
            secrets = {name: tokens.get(f"{name}_token") for name in ("access", "refresh", "id")}
            named = {f"{name}-{serial}": secret for name, secret in secrets.items()}
            api_key = "api-key" if serial == "0" else f"api-key-{serial}"
            named[api_key] = contents.get("OPENAI_API_KEY")
            pat = "personal-access-token"
            named[pat if serial == "0" else f"{pat}-{serial}"] = contents.get(
                "personal_access_token"
            )
            named[AGENT_IDENTITY] = contents.get("agent_identity")
        except (ValueError, AttributeError):
            named = {}
        for name, secret in named.items():
            if isinstance(secret, str):
                self.names.add(name, secret)


def start_app_server(world: World, *, home: str = "", overrides: Sequence[str] = ()) -> AppServer:
    """Start ``codex app-server`` in ``world``.

    Args:
        world: where it runs.
        home: the name of its codex home, in a story.
        overrides: what it is told with ``-c``.
    """
    options = [word for override in overrides for word in ("-c", override)]
    server = AppServer(
        [*world.launcher, world.codex.path, "app-server", *options],
        env=environment(world, home),
        cwd=world.path / "work",
        stderr=world.path / f"stderr-{len(world.servers)}",
        on_request=world.host.answer,
    )
    world.servers.append(server)
    return server


def start_command(  # noqa: PLR0913 - what a command takes
    world: World,
    words: Sequence[str],
    *,
    home: str = "",
    stdin: Secret = "",
    env: Mapping[str, str] | None = None,
    merged: bool = False,
) -> Command:
    """Start ``codex`` with ``words`` in ``world``.

    Args:
        world: where it runs.
        words: what it is told; ``{backend}`` in them stands for the address of the backend.
        home: the name of its codex home, in a story.
        stdin: what it reads.
        env: environment variables beside those of the world.
        merged: whether its standard error is told with its output, as it comes.
    """
    told = [word.replace("{backend}", world.address) for word in words]
    world.commands += 1
    return Command(
        [*world.launcher, world.codex.path, *told],
        env={**environment(world, home), **(env or {})},
        cwd=world.path / "work",
        stderr=None if merged else world.path / f"stderr-of-command-{world.commands}",
        stdin=text_of(stdin),
    )


def start_sdk(world: World, *, api_key: str, home: str = "") -> Command:
    """Start a program on the official Python SDK, on the Codex of ``world``.

    Args:
        world: where it runs.
        api_key: what it logs in with; ``""``: nothing.
        home: the name of its codex home, in a story.

    Raises:
        CodexNotFoundError: the SDK is not installed.
    """
    if find_spec("openai_codex") is None:
        message = "no SDK of Codex: install openai-codex (nox -s env does)"
        raise CodexNotFoundError(message)
    told = json.dumps({"codex": str(world.codex.path), "api_key": api_key or None})
    world.commands += 1
    return Command(
        [*world.launcher, sys.executable, "-I", str(SDK_CLIENT), told],
        env=environment(world, home),
        cwd=world.path / "work",
        stderr=world.path / f"stderr-of-command-{world.commands}",
    )


def start_from(template: Path, home: Path) -> Iterator[Path]:
    """Give ``home`` what ``template`` holds: copies of its files, which are yielded, and links.

    The directories hold nothing but the skills that Codex unpacks before 0.114.0, and what stays
    empty.
    """
    for entry, contents in _held_by(template):
        copy = home / entry.name
        if contents is None:
            copy.symlink_to(entry)
        else:
            copy.write_bytes(contents)
            yield copy


@lru_cache
def _held_by(template: Path) -> Sequence[tuple[Path, bytes | None]]:
    """Return what lies in ``template``, and what its files hold; it is read once."""
    return [(one, None if one.is_dir() else one.read_bytes()) for one in template.iterdir()]


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
        "model": MODEL,
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
        # Codex reads and describes them for each thread; older than 0.114.0, it ignores this.
        "skills": {"bundled": {"enabled": False}},
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


def environment(world: World, home: str = "") -> dict[str, str]:
    """Return the environment of a Codex in ``world``, which is built from nothing.

    A native binary finds an empty ``PATH`` and so starts no helpers; a script needs the user's to
    find its interpreter.
    """
    url = world.address
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    path = os.environ.get("PATH", os.defpath) if world.codex.is_script else world.path / "empty"
    proxies = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
    variables: Mapping[str, Variable] = {
        **inherited,
        **dict.fromkeys(proxies, url),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "CODEX_HOME": str(world.home_named(home)),
        "HOME": str(world.path / "user"),
        "PATH": str(path),
        # Codex makes no helper links in a home that lies in the place for temporary files.
        "TMPDIR": str(world.path),
        "SSL_CERT_FILE": str(world.authority),
        "OPENAI_BASE_URL": f"{url}/v1",
        "CODEX_REFRESH_TOKEN_URL_OVERRIDE": f"{url}/oauth/token",
        "CODEX_REVOKE_TOKEN_URL_OVERRIDE": f"{url}/oauth/revoke",
        "CODEX_APP_SERVER_LOGIN_ISSUER": f"{url}{ISSUER}",
        "CODEX_AUTHAPI_BASE_URL": url,
        # Both are needed: Codex lets nobody else than OpenAI have agents otherwise (0.142.0 on).
        "CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL": url,
        "CODEX_AGENT_IDENTITY_JWKS_BASE_URL": f"{url}/backend-api",
        **world.scenario.env,
    }
    return {
        name: world.with_addresses(text_of(value))
        for name, value in variables.items()
        if value is not LEFT_OUT
    }


def _authority(scenario: Scenario) -> Authority | None:
    """Return who vouches for the backend where Codex is to speak TLS with it."""
    if BACKEND_BY_TLS not in f"{scenario.config} {scenario.requirements}":
        return None
    from harness.world.tls import authority  # noqa: PLC0415 - few worlds need it, and it is slow

    return authority()


def _made(place: Place | None, root: Path | None) -> Path:
    """Make and return the directory of a world, by default a temporary one in ``root``."""
    path = place.path if place else None
    if path is None:
        return Path(tempfile.mkdtemp(prefix="world-", dir=root)).resolve()
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        message = f"{path} is not empty"
        raise FileExistsError(message)
    return path.resolve()


def _as_toml(said: Mapping[str, Any] | str, render: Callable[[Mapping[str, Any]], str]) -> str:
    return said if isinstance(said, str) else render(said)


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _merge(old, value)
        else:
            merged[key] = value
    return merged


@frozen
class Accounts:
    """What the backend of a scenario knows of those who are signed in, or will be.

    Args:
        claims: what a grant says of its owner: what the stored sign-in says, if there is one.
        owner_of_token: whose the personal access token is, if there is one.
        workspaces: the account ids that routing discovery lists.
    """

    claims: IdTokenClaims | None
    owner_of_token: IdTokenClaims | None
    workspaces: tuple[str, ...]


def accounts_of(scenario: Scenario) -> Accounts:
    """Return what the backend of ``scenario`` knows."""
    owners = _owners(scenario)
    stored_first = sorted(owners, key=lambda one: not isinstance(one, ChatGptAuth))
    tokens = (one for one in owners if isinstance(one, PersonalAccessToken))
    return Accounts(
        next((one.claims for one in stored_first), None),
        next((one.claims for one in tokens), None),
        _workspaces(scenario),
    )


def _workspaces(scenario: Scenario) -> tuple[str, ...]:
    if scenario.backend.workspaces is not None:
        return tuple(scenario.backend.workspaces)
    listed = [one.account_id for one in _owners(scenario, later=True) if one.account_id]
    return tuple(dict.fromkeys(listed))


def _signed_in_later(scenario: Scenario) -> Sequence[object]:
    """Return what a story puts in place, and who logs in with a browser or a device."""
    put = [step.given["auth"] for step in scenario.story if "auth" in step.given]
    return [*put, SIGNED_IN] if scenario.story else put


def _told_to_commands(scenario: Scenario) -> Sequence[str]:
    """Return the tokens of agents that commands of a story read."""
    told = [step.given.get("stdin") for step in scenario.story]
    return [one.token for one in told if isinstance(one, AgentIdentity)]


def _owners(
    scenario: Scenario, *, later: bool = False
) -> Sequence[ChatGptAuth | PersonalAccessToken | AgentIdentity | HostTokens]:
    """Return all that say whose the sign-in is, the one that Codex asks the backend for first.

    ``later``: those of whom it is only in the course of a story, too.
    """
    in_environment = [
        one for one in [scenario.taken_for] if isinstance(one, (PersonalAccessToken, AgentIdentity))
    ]
    of_host = scenario.host.tokens if scenario.host else ()
    after = _signed_in_later(scenario) if later else ()
    stored = scenario.auth.auth if isinstance(scenario.auth, EditedAuth) else scenario.auth
    owners = [*in_environment, stored, *of_host, *after]
    knowing = (ChatGptAuth, PersonalAccessToken, AgentIdentity, HostTokens)
    return [one for one in owners if isinstance(one, knowing)]
