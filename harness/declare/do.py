"""What is done in a story, step by step: ``story=[do.read(), do.put(OTHER), do.turn()]``.

A step names the app-server that it is for with ``on``; one that is not running is started for it.
``home`` names another codex home, which begins as a copy of the scenario's own. Nothing here runs:
``harness.suite.story`` does what a story says, and ``harness.seen.records`` has what is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final, get_args

from attrs import Attribute, field, frozen

from harness.declare.answers import Backend
from harness.declare.auth import FIXTURES, Auth, Secret
from harness.declare.checks import takes, takes_many, takes_table
from harness.declare.host import HostTokens
from harness.seen.records import (
    Called,
    Ended,
    File,
    Heard,
    Limits,
    Login,
    Logout,
    Ran,
    Read,
    Start,
    Status,
    Story,
    Turn,
    Used,
    Visited,
)

RECORDS: Final[Mapping[str, type]] = {
    "start": Start,
    "read": Read,
    "status": Status,
    "limits": Limits,
    "turn": Turn,
    "login": Login,
    "logout": Logout,
    "call": Called,
    "hear": Heard,
    "visit": Visited,
    "run": Ran,
    "finish": Ran,
    "exec": Ran,
    "sdk": Used,
    "look": File,
    "stop": Ended,
    "kill": Ended,
}
"""What is recorded of each step; of any other verb, nothing."""

WITHOUT_A_BROWSER: Final = frozenset(
    {"status", "--with-api-key", "--with-access-token", "--device-auth"}
)
"""Words after ``codex login`` with which it waits for none."""


FROM_OUTSIDE: Final = frozenset({"configure", "keep", "kill", "look", "put", "require", "restore"})
"""Verbs that may be done while an app-server does something else."""

PORTS_OF_LOGINS: Final = (1455, 1457)
"""Where Codex waits for a browser to come back: there, or there if that is taken."""


def _identifier(_step: object, attribute: Attribute[Any], value: str) -> None:
    if value and not value.isidentifier():
        message = f"'{attribute.name}' takes a name such as 'second', not {value!r}"
        raise ValueError(message)


@frozen(kw_only=True)
class Step:
    """A step of a story; the functions of this module make them.

    Args:
        verb: what is done.
        given: with what.
        on: the app-server, or the command, that it is for; ``""`` is the first.
        home: the codex home; ``""`` is the scenario's own.
    """

    verb: str
    given: Mapping[str, Any] = field(factory=dict)
    on: str = field(default="", validator=[takes(str), _identifier])
    home: str = field(default="", validator=[takes(str), _identifier])

    @property
    def record(self) -> type | None:
        """What is recorded of it."""
        return RECORDS.get(self.verb)


def start(
    *, experimental_api: bool = True, overrides: Sequence[str] = (), on: str = "", home: str = ""
) -> Step:
    """Start an app-server and initialize; any other step does so where it needs one.

    ``overrides``: as Codex takes them with ``-c``, ``'model_provider="fake"'``.
    """
    given = {"experimental_api": experimental_api, "overrides": tuple(overrides)}
    return Step(verb="start", given=given, on=on, home=home)


def read(*, refresh: bool = False, on: str = "", home: str = "") -> Step:
    """Ask for the account: ``account/read {refreshToken: refresh}``."""
    return Step(verb="read", given={"refresh": refresh}, on=on, home=home)


def status(*, refresh: bool = False, token: bool = True, on: str = "", home: str = "") -> Step:
    """Ask for the auth status: ``getAuthStatus {includeToken: token, refreshToken: refresh}``."""
    return Step(verb="status", given={"refresh": refresh, "token": token}, on=on, home=home)


def limits(*, on: str = "", home: str = "") -> Step:
    """Ask for the rate limits: ``account/rateLimits/read``."""
    return Step(verb="limits", on=on, home=home)


def turn(*, on: str = "", home: str = "") -> Step:
    """Run a turn to its end, on the thread of the app-server, which is started if need be.

    Codex keeps the thread in its home, as it does unless a client wants it ephemeral.
    """
    return Step(verb="turn", on=on, home=home)


def login(
    params: HostTokens | Mapping[str, Any] | None = None, *, on: str = "", home: str = ""
) -> Step:
    """Log in: ``account/login/start`` with these params, or the tokens of a host.

    By default with what the ``host`` of the scenario logs in with.
    """
    _check("params", params, takes(HostTokens, Mapping, None))
    return Step(verb="login", given={"params": params}, on=on, home=home)


def logout(*, on: str = "", home: str = "") -> Step:
    """Log out: ``account/logout``."""
    return Step(verb="logout", on=on, home=home)


def call(
    method: str, params: Mapping[str, Any] | None = None, *, on: str = "", home: str = ""
) -> Step:
    """Send any other request. ``"login-1"`` in ``params`` stands for the id of the first login."""
    _check("method", method, takes(str))
    _check("params", params, takes(Mapping, None))
    return Step(verb="call", given={"method": method, "params": params}, on=on, home=home)


def hear(method: str = "", *, on: str = "", home: str = "") -> Step:
    """Wait for the notification ``method``, if one is named; then say what was heard so far."""
    _check("method", method, takes(str))
    return Step(verb="hear", given={"method": method}, on=on, home=home)


def visit(path: str = "", *, on: str = "", home: str = "", **query: str) -> Step:
    """Come back from the issuer with a browser, as the login with a browser before it wants.

    Args:
        path: where to come back to; by default the path that the login named.
        query: what the issuer hands over: by default ``code="code-1"`` and the login's own
            ``state``; ``state="wrong"``, ``error="access_denied"``.
        on: the app-server, or the command that was begun.
        home: its home.
    """
    _check("query", query, takes_table(str))
    return Step(verb="visit", given={"path": path, "query": query}, on=on, home=home)


def run(
    *words: str,
    stdin: Secret = "",
    env: Mapping[str, str] | None = None,
    on: str = "",
    home: str = "",
) -> Step:
    """Run ``codex`` with these words to its end: ``do.run("login", "status")``.

    ``{backend}`` in a word stands for the address of the backend.
    """
    return Step(verb="run", given=_command(words, stdin, env), on=on, home=home)


def begin(
    *words: str,
    stdin: Secret = "",
    env: Mapping[str, str] | None = None,
    on: str = "",
    home: str = "",
) -> Step:
    """Begin to run ``codex`` with these words; ``do.finish()`` waits for its end."""
    return Step(verb="begin", given=_command(words, stdin, env), on=on, home=home)


def finish(*, on: str = "", home: str = "") -> Step:
    """Wait for the end of the command that was begun."""
    return Step(verb="finish", on=on, home=home)


def exec(  # noqa: A001 - the name of the command
    *words: str, env: Mapping[str, str] | None = None, on: str = "", home: str = ""
) -> Step:
    """Run ``codex exec`` for one turn, with these words beside; its text is its errors alone."""
    return Step(verb="exec", given=_command(words, "", env), on=on, home=home)


def sdk(*, api_key: str = "", on: str = "", home: str = "") -> Step:
    """Let a program on the official Python SDK ask for the account and run a turn.

    ``api_key``: what it logs in with before, if anything.
    """
    _check("api_key", api_key, takes(str))
    return Step(verb="sdk", given={"api_key": api_key}, on=on, home=home)


def look(*, home: str = "") -> Step:
    """Look at ``auth.json`` and ``config.toml``."""
    return Step(verb="look", home=home)


def put(auth: Auth, *, home: str = "") -> Step:
    """Put another ``auth.json`` in place of the one that is there; ``NoAuth()`` removes it."""
    _check("auth", auth, takes(*FIXTURES))
    return Step(verb="put", given={"auth": auth}, home=home)


def keep(name: str, *, home: str = "") -> Step:
    """Keep a copy of ``auth.json`` under a name, as a switcher of accounts does."""
    return Step(verb="keep", given={"name": name}, home=home)


def restore(name: str, *, home: str = "") -> Step:
    """Put what was kept under this name back, into any home."""
    return Step(verb="restore", given={"name": name}, home=home)


def configure(config: Mapping[str, Any] | str, *, home: str = "") -> Step:
    """Write ``config.toml`` anew, with these keys as in ``Scenario``, or as exactly this text."""
    _check("config", config, takes(str, Mapping))
    return Step(verb="configure", given={"config": config}, home=home)


def require(requirements: Mapping[str, Any] | str | None) -> Step:
    """Write the requirements of the machine anew, as in ``Scenario``; ``None`` removes them."""
    _check("requirements", requirements, takes(str, Mapping, None))
    return Step(verb="require", given={"requirements": requirements})


def occupy(port: int = PORTS_OF_LOGINS[0]) -> Step:
    """Let another program listen on a port of logins, 1455 or 1457, and answer nobody there."""
    if port not in PORTS_OF_LOGINS:
        message = f"'port' takes one of {PORTS_OF_LOGINS}, not {port!r}"
        raise ValueError(message)
    return Step(verb="occupy", given={"port": port})


def stop(*, on: str = "", home: str = "") -> Step:
    """End an app-server as a client does; the next step for it starts another."""
    return Step(verb="stop", on=on, home=home)


def kill(*, on: str = "", home: str = "") -> Step:
    """Kill an app-server, which gets no time for anything."""
    return Step(verb="kill", on=on, home=home)


def from_now_on(**answers: Any) -> Step:
    """Let the backend answer like this from here on: ``do.from_now_on(token=refuse(500))``."""
    return Step(verb="from_now_on", given={"answers": Backend(**answers), "named": tuple(answers)})


def together(*steps: Step, after: str = "") -> Step:
    """Do several steps at the same moment, each on an app-server, or as a command, of its own.

    What comes from outside, a change of the file or the death of an app-server, may go with any.

    ``after``: a request, ``"POST /oauth/token"``, that each of them waits for the one before to
    make, so that the first is the first.
    """
    _check("after", after, takes(str))
    _check("steps", list(steps), takes_many(Step, of="steps"))
    own = [(step.home, step.on) for step in steps if step.verb not in FROM_OUTSIDE]
    if len(set(own)) < len(own):
        message = "'together' takes steps on different app-servers: name them with on=…"
        raise ValueError(message)
    return Step(verb="together", given={"steps": steps, "after": after})


def in_order(story: Sequence[Step]) -> Iterator[tuple[Mapping[str, Step], str]]:
    """Yield what is done one after the other: steps at once, by name, and ``after`` of these."""
    seen: Counter[str] = Counter()
    for step in story:
        named: dict[str, Step] = {}
        for one in step.given["steps"] if step.verb == "together" else (step,):
            name = "_".join(filter(None, (one.home, one.on, one.verb)))
            seen[name] += 1
            named[name if seen[name] == 1 else f"{name}_{seen[name]}"] = one
        yield named, step.given.get("after", "")


def by_name(story: Sequence[Step]) -> Mapping[str, Step]:
    """Return the steps of which something is recorded."""
    return {
        name: step for named, _ in in_order(story) for name, step in named.items() if step.record
    }


def refuse_unknown_steps(where: str, story: Sequence[Step], told: Story) -> None:
    """Refuse records of steps that the story does not have, or of another kind than theirs.

    Raises:
        ValueError, TypeError: with what ``where`` should say instead.
    """
    known = by_name(story)
    for name, record in told.steps.items():
        step = known.get(name)
        if step is None:
            message = f"{where} tells of {name!r}; the story has {', '.join(known) or 'no step'}"
            raise ValueError(message)
        if type(record) is not step.record:
            assert step.record
            message = f"{where} takes {name}={step.record.__name__}(…), not {record!r}"
            raise TypeError(message)


def _takes_the_port(step: Step) -> bool:
    """Whether a step may begin a login with a browser, or is a part of one."""
    params = step.given.get("params")
    words = step.given.get("words", ())
    begins = isinstance(params, Mapping) and params.get("type") == "chatgpt"
    commands = "login" in words and WITHOUT_A_BROWSER.isdisjoint(words)
    return begins or commands or step.verb in ("visit", "occupy")


def logs_in_with_a_browser(story: Sequence[Step]) -> bool:
    """Whether a story needs the one port of a machine to which a browser comes back."""
    return any(_takes_the_port(step) for named, _ in in_order(story) for step in named.values())


def homes(story: Sequence[Step]) -> tuple[str, ...]:
    """Return the names of all other homes of a story."""
    steps = [step for named, _ in in_order(story) for step in named.values()]
    return tuple(dict.fromkeys(step.home for step in steps if step.home))


def _command(
    words: Sequence[str], stdin: Secret, env: Mapping[str, str] | None
) -> Mapping[str, Any]:
    """Return what a command is given."""
    _check("words", list(words), takes_many(str, of="words"))
    _check("stdin", stdin, takes(*get_args(Secret)))
    _check("env", env or {}, takes_table(str))
    return {"words": tuple(words), "stdin": stdin, "env": dict(env or {})}


def _check(name: str, value: object, validator: Any) -> None:
    """Hold an argument of a function against a validator of attrs."""
    validator(None, SimpleNamespace(name=name), value)
