"""Telling a story: what ``harness.declare.do`` declares is done to a real Codex, and recorded."""

from __future__ import annotations

import fcntl
import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, Final, Self

import attrs
from platformdirs import user_cache_path

from harness.codex.app_server import PROMPT, AppServer
from harness.codex.command import DEADLINE, Command
from harness.codex.process import Ending
from harness.declare.auth import AUTH_FILE, text_of
from harness.declare.do import FROM_OUTSIDE, Step, in_order, logs_in_with_a_browser
from harness.declare.host import HostTokens
from harness.seen.ledger import Look
from harness.seen.records import UNSET, Ended, File, Logout, Ran, Story, Used, Visited
from harness.suite import probes
from harness.world.host import LOGIN
from harness.world.world import World, start_app_server, start_command, start_sdk

EXEC: Final = ("exec", "--skip-git-repo-check", "--json")

NO_ERROR: Final = re.compile(r"\d{4}-\d\d-\d\dT\S+ +[A-Z]+ |Reading additional input from ")
"""Lines of ``codex exec`` on standard error that are its log, or say what it waits for."""

SDK_DEADLINE: Final = 60.0
"""Seconds that a program on the SDK may take; it reads a thousand types before it starts Codex."""

AUTH_URL: Final = re.compile(r"https?://\S+/oauth/authorize\?\S+")
"""The address that ``codex login`` prints for a person to open."""

PORT_OF_LOGINS: Final = "login-port.lock"
"""Held by a story that logs in with a browser, for which Codex has one port on a machine."""

Owner = tuple[str, str]
"""A home and a name: which app-server or command a step is for."""


class Telling:
    """Tells a story in a world: ``with Telling(world) as telling: telling.tell(story)``.

    Args:
        world: where it happens.
    """

    def __init__(self, world: World) -> None:
        """Start nothing yet."""
        self._world = world
        self._stack = ExitStack()
        self._servers: dict[Owner, AppServer] = {}
        self._starts: dict[Owner, Any] = {}
        self._commands: dict[Owner, Command] = {}
        self._heard: dict[AppServer, int] = {}
        self._asked: dict[Command, int] = {}
        self._kept: dict[str, bytes | None] = {}
        self.written = world.look()
        self._looks = {"": self.written}
        self._linked = Look.at(world.elsewhere)
        self._last = Ending(0, 0)
        self._lock = threading.Lock()
        self.printed: list[str] = []
        self.endings: list[str] = []
        self.cpu_seconds = 0.0
        self.commands = 0

    def __enter__(self) -> Self:
        """Return itself, once no other story has the port of logins that this one may need."""
        shares_ports = not self._world.network.is_private
        if shares_ports and logs_in_with_a_browser(self._world.scenario.story):
            self._stack.enter_context(_port_of_logins())
        return self

    def __exit__(self, *_: object) -> None:
        """Kill all that is still running."""
        self._stack.close()

    def tell(self, story: Sequence[Step]) -> Story:
        """Do what ``story`` says, in order; return what was seen of each step."""
        seen: dict[str, Any] = {}
        for named, after in in_order(story):
            if len(named) == 1:
                ((name, step),) = named.items()
                seen[name] = self._do(step)
            else:
                seen |= self._do_together(named, after)
        return Story(**{name: record for name, record in seen.items() if record is not None})

    def end(self) -> Ending:
        """End every app-server; return how, the first that did not end well before all others."""
        endings = [self._last, *(server.close() for server in self._servers.values())]
        return next((one for one in endings if one.exit_code or one.left_behind), endings[-1])

    def _do_together(self, named: Mapping[str, Step], after: str) -> Mapping[str, Any]:
        """Do several steps at the same moment, on app-servers that are ready for them.

        ``after``: the request that each waits for the one before to make, if any.
        """
        for step in named.values():
            if step.verb not in WITHOUT_APP_SERVER:
                self._server(step)
        backend = self._world.backend
        begun = len(backend.journal)
        with ThreadPoolExecutor(len(named)) as pool:
            done = {}
            for number, (name, step) in enumerate(named.items()):
                if after and number:
                    backend.await_request(after, times=number, since=begun)
                done[name] = pool.submit(self._do, step)
            return {name: future.result() for name, future in done.items()}

    def _do(self, step: Step) -> Any:
        verb: Callable[[Telling, Step], Any] = getattr(Telling, f"_{step.verb}")
        return verb(self, step)

    def _server(self, step: Step) -> AppServer:
        """Return the app-server that a step is for; it is started if it is not running."""
        owner = (step.home, step.on)
        if owner not in self._servers:
            overrides = step.given.get("overrides", ())
            with self._lock:
                server = start_app_server(self._world, home=step.home, overrides=overrides)
                self._stack.enter_context(server)
                self._servers[owner] = server
                self._heard[server] = 0
            experimental = step.given.get("experimental_api", True)
            self._starts[owner] = probes.start(server, self._world, experimental=experimental)
        return self._servers[owner]

    def _ask(self, step: Step, probe: Callable[[AppServer], Any]) -> Any:
        """Return what ``probe`` records, or that its app-server did not start."""
        server = self._server(step)
        started = self._starts[step.home, step.on]
        if started.outcome != "initialized":
            assert step.record
            return probes.not_reached(step.record, started.outcome)
        return probe(server)

    def _start(self, step: Step) -> Any:
        self._server(step)
        return self._starts[step.home, step.on]

    def _read(self, step: Step) -> Any:
        return self._ask(step, lambda server: probes.read(server, self._world, **step.given))

    def _status(self, step: Step) -> Any:
        return self._ask(step, lambda server: probes.status(server, self._world, **step.given))

    def _limits(self, step: Step) -> Any:
        return self._ask(step, lambda server: probes.limits(server, self._world))

    def _turn(self, step: Step) -> Any:
        seen = self._ask(step, lambda server: probes.turn(server, self._world, ephemeral=False))
        return attrs.evolve(seen, seconds=UNSET, notifications=UNSET)

    def _login(self, step: Step) -> Any:
        params = step.given["params"]
        if params is None:
            logins = None
        elif isinstance(params, HostTokens):
            logins = [self._world.host.login_with(params)]
        else:
            logins = [(LOGIN, self._world.host.named(params))]
        seen = self._heard_with(step, lambda server: probes.login(server, self._world, logins))
        server = self._servers[step.home, step.on]
        self._heard[server] = probes.end_of_login(server)
        return seen

    def _logout(self, step: Step) -> Any:
        seen = self._heard_with(step, lambda server: probes.logout(server, self._world))
        return Logout(error=seen.error, notifications=seen.notifications, account=seen.account)

    def _call(self, step: Step) -> Any:
        return self._ask(step, lambda server: probes.call(server, self._world, **step.given))

    def _hear(self, step: Step) -> Any:
        return self._heard_with(
            step,
            lambda server: probes.hear(
                server, self._world, step.given["method"], after=self._heard[server]
            ),
        )

    def _heard_with(self, step: Step, probe: Callable[[AppServer], Any]) -> Any:
        """Return what ``probe`` records, and count all that was said so far as heard."""
        seen = self._ask(step, probe)
        server = self._servers[step.home, step.on]
        self._heard[server] = len(server.transcript)
        return seen

    def _visit(self, step: Step) -> Visited:
        owner: Command | AppServer | None = self._commands.get((step.home, step.on))
        if isinstance(owner, Command):
            url = owner.said(AUTH_URL)
            if url:
                self._world.logins.note_url(owner, url)
        else:
            owner = self._server(step)
        return self._world.logins.visit(owner, step.given["path"], step.given["query"])

    def _run(self, step: Step) -> Ran:
        return self._finished(self._begun(step), step.given["words"])

    def _begin(self, step: Step) -> None:
        self._commands[step.home, step.on] = self._begun(step, merged=True)

    def _finish(self, step: Step) -> Ran:
        return self._finished(self._commands.pop((step.home, step.on)), ("…",))

    def _exec(self, step: Step) -> Ran:
        words = (*EXEC, *step.given["words"], PROMPT)
        seen = self._finished(self._begun(step, words=words), words)
        return attrs.evolve(seen, text=error_of(seen.text), events=events_of(seen.text))

    def _begun(
        self, step: Step, *, words: Sequence[str] | None = None, merged: bool = False
    ) -> Command:
        asked = len(self._world.backend.journal)
        command = start_command(
            self._world,
            step.given["words"] if words is None else words,
            home=step.home,
            stdin=step.given["stdin"],
            env=step.given["env"],
            merged=merged,
        )
        if "--with-api-key" in step.given["words"]:
            self._world.host.named({"apiKey": text_of(step.given["stdin"]).strip()})
        self._asked[command] = asked
        return self._stack.enter_context(command)

    def _sdk(self, step: Step) -> Used:
        asked = len(self._world.backend.journal)
        command = start_sdk(self._world, home=step.home, **step.given)
        self._asked[command] = asked
        self._stack.enter_context(command)
        seen = self._finished(command, ("(the SDK)",), SDK_DEADLINE)
        model = {"bearers": seen.bearers, "account_ids": seen.account_ids}
        try:
            return Used(**json.loads(seen.text.splitlines()[0]), **model)
        except (ValueError, IndexError):
            outcome = "hung" if seen.exit_code is None else f"exited {seen.exit_code}"
            return Used(account=None, outcome=outcome, message=seen.text, **model)

    def _finished(self, command: Command, words: Iterable[str], deadline: float = DEADLINE) -> Ran:
        asked = self._asked.pop(command)
        ending, raw = command.finish(deadline)
        text = self._world.names.redact(raw)
        with self._lock:
            self.cpu_seconds += ending.cpu_seconds
            self.commands += 1
            self.printed.append(f"$ codex {' '.join(words)}\n{text}")
            self.endings.append(f"codex {' '.join(words)}: {ending}")
        model = probes.requests_of(None, self._world.backend.journal[asked:])
        return Ran(
            exit_code=ending.exit_code,
            text=text,
            events=(),
            bearers=tuple(one.bearer for one in model),
            account_ids=tuple(one.account_id for one in model),
        )

    def _look(self, step: Step) -> File:
        home = self._world.home_named(step.home)
        before, now = self._looks.get(step.home, self._looks[""]), Look.at(home)
        self._looks[step.home] = now
        linked_before, linked = self._linked, Look.at(self._world.elsewhere)
        self._linked = linked
        return File(
            auth_json=now.auth_json_since(before),
            auth=now.contents(self._world.names, before),
            layout=now.in_codex_layout,
            mode=now.mode,
            kind=_kind(home / AUTH_FILE),
            elsewhere=linked.auth_json_since(linked_before),
            config=self._world.told_config(home),
        )

    def _put(self, step: Step) -> None:
        self._world.put(step.given["auth"], self._world.home_named(step.home))
        self._look_again(step)

    def _keep(self, step: Step) -> None:
        self._kept[step.given["name"]] = Look.at(self._world.home_named(step.home)).auth

    def _restore(self, step: Step) -> None:
        path = self._world.home_named(step.home) / AUTH_FILE
        kept = self._kept[step.given["name"]]
        path.unlink(missing_ok=True)
        if kept is not None:
            path.touch(0o600)
            path.write_bytes(kept)
        self._look_again(step)

    def _look_again(self, step: Step) -> None:
        """Hold what Codex does from here on against what the story itself has just written."""
        self._looks[step.home] = Look.at(self._world.home_named(step.home))
        if not step.home:
            self.written = attrs.evolve(self._looks[""], names=self.written.names)

    def _configure(self, step: Step) -> None:
        self._world.configure(step.given["config"], self._world.home_named(step.home))

    def _require(self, step: Step) -> None:
        self._world.require(step.given["requirements"])

    def _from_now_on(self, step: Step) -> None:
        self._world.backend.answer_with(step.given["answers"], step.given["named"])

    def _occupy(self, step: Step) -> None:
        address = ("127.0.0.1", step.given["port"])
        self._stack.enter_context(socket.create_server(address))

    def _stop(self, step: Step) -> Ended:
        return self._ended(step, lambda server: server.close())

    def _kill(self, step: Step) -> Ended:
        return self._ended(step, lambda server: server.close(grace=0))

    def _ended(self, step: Step, end: Callable[[AppServer], Ending]) -> Ended:
        server = self._server(step)
        del self._servers[step.home, step.on]
        ending = end(server)
        if step.verb == "stop":
            self._last = ending
        return Ended(exit=probes.exit_text(ending))


@contextmanager
def _port_of_logins() -> Iterator[None]:
    """Keep every other run on this machine from logging in with a browser."""
    directory = user_cache_path("codex-auth-scenarios")
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / PORT_OF_LOGINS).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


WITHOUT_APP_SERVER: Final = FROM_OUTSIDE | {"run", "begin", "finish", "exec", "sdk", "start"}
"""Verbs that need no app-server to be there before."""


def _kind(path: Any) -> str:
    if path.is_symlink():
        return "link"
    if path.is_dir():
        return "directory"
    if not path.exists():
        return "absent"
    return "file" if path.stat().st_nlink == 1 else "hard link"


def error_of(text: str) -> str:
    """Return the errors that ``codex exec --json`` told of, a line each; ``""``: none.

    What it says before the turn begins, it says on standard error alone; of the turn it says each
    error twice, as an event that has happened and as the end of the turn.
    """
    told = [_error_in(line) for line in text.splitlines()]
    return "\n".join(dict.fromkeys(filter(None, told)))


def events_of(text: str) -> tuple[str, ...]:
    """Return what ``codex exec --json`` told of, in order, without what it warns of."""
    events = [_parsed(line) for line in text.splitlines()]
    return tuple(filter(None, (_event_told(event) for event in events if isinstance(event, dict))))


def _event_told(event: Mapping[str, Any]) -> str:
    kind, item = str(event.get("type")), event.get("item")
    if not isinstance(item, dict):
        return kind
    return "" if item.get("type") == "error" else f"{kind}: {item.get('text', item.get('type'))}"


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _error_in(line: str) -> str:
    event = _parsed(line)
    if event is None:
        return "" if NO_ERROR.match(line) else line
    if not isinstance(event, dict) or event.get("type") not in ("error", "turn.failed"):
        return ""
    return str(event.get("message") or (event.get("error") or {}).get("message"))
