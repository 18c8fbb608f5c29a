"""The probes: each does one thing to a real Codex and records what it saw. None of them judges."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import attrs

import harness.codex.requests as requests_of_codex
from harness.codex.app_server import MODEL, TURN_INPUT, AppServer, CodexGoneError, CodexSilentError
from harness.codex.command import plain_text
from harness.codex.process import Ending
from harness.codex.protocol import Protocol
from harness.declare.answers import TOLD
from harness.declare.auth import LEFT_OUT
from harness.declare.host import LOGINS_THAT_A_PERSON_ENDS
from harness.seen.journal import Journal, Request
from harness.seen.ledger import Ledger, Look
from harness.seen.records import (
    Called,
    Heard,
    Home,
    Limits,
    Login,
    Logout,
    Neighbour,
    NextTurn,
    Read,
    Refresh,
    Requests,
    Restart,
    RpcError,
    Start,
    Status,
    Turn,
    Wire,
    fields_of,
    recorded,
)
from harness.world.host import LOGIN, LOGOUT
from harness.world.world import World, start_app_server

RESPONSES: Final = "POST /v1/responses"
NOTIFICATION_DEADLINE: Final = 5.0
"""Seconds that a notification may follow the response it belongs to."""

HEARD_DEADLINE: Final = 10.0
"""Seconds that a notification may take which a story waits for."""

TURN_DEADLINE: Final = 40.0
"""Seconds that a turn may take; Codex waits for a silent host for 10 of them (0.163.0)."""

STDERR_LINES: Final = 20

LoginStep = tuple[str, Mapping[str, Any] | None]
"""The method and the params of a step of signing in: a login, or a logout before another."""

Failed = RpcError | str | None
"""Why there is no result: a JSON-RPC error, or text when Codex hung or ended."""


def start(server: AppServer, world: World, *, experimental: bool = True) -> Start:
    """Initialize, with the capability ``experimentalApi`` unless the host has it not."""
    experimental = experimental and world.host.has_experimental_api
    result, failed = _ask(world, lambda: server.initialize(experimental=experimental))
    if result is not None:
        agent = result.get("userAgent")
        return recorded(
            Start,
            outcome="initialized",
            agent=agent.partition(" ")[0] if isinstance(agent, str) else agent,
            codex_home=result.get("codexHome"),
            stderr="",
        )
    said = world.names.redact(_last_lines(server.process.stderr))
    return Start(outcome=_text(failed), agent=None, codex_home=None, stderr=said)


def login(server: AppServer, world: World, logins: Iterable[LoginStep] | None = None) -> Login:
    """Log in, and wait for what follows.

    ``logins``: the method and the params of each; by default all that the host logs in with.
    """
    _settle(server, world)
    asked = len(server.transcript)
    auth_url: Mapping[str, str] | None = None
    for method, params in world.host.logins() if logins is None else logins:
        before = len(server.transcript)
        result, failed = _ask_for_raw(world, partial(server.request, method, params))
        if isinstance(failed, str):
            messages = _account_messages(server, world, asked)
            return Login(messages=messages, auth_url=auth_url, error=failed)
        if result is not None:
            auth_url = world.logins.note(server, result)
            _await_what_follows(server, params or {}, after=before)
    # Whatever else is to be said of a login, Codex says before it answers this.
    status(server, world)
    messages = _account_messages(server, world, asked, until=end_of_login(server))
    return Login(messages=messages, auth_url=auth_url, error=None)


def end_of_login(server: AppServer) -> int:
    """Return the line of the transcript up to which the last login is told.

    One that a person ends is told up to the answer, since what follows may come at any time.
    """
    end, asked = len(server.transcript), None
    for number, line in enumerate(server.transcript):
        message = line.message if isinstance(line.message, dict) else {}
        if line.sender == "host" and message.get("method") == LOGIN:
            begins = (message.get("params") or {}).get("type") in LOGINS_THAT_A_PERSON_ENDS
            end, asked = len(server.transcript), message["id"] if begins else None
        elif asked is not None and message.get("id") == asked and "result" in message:
            end, asked = number + 1, None
    return end


def read(server: AppServer, world: World, *, refresh: bool = False) -> Read:
    """Ask for the account."""
    params = {"refreshToken": refresh}
    result, failed = _ask(world, lambda: server.request("account/read", params))
    return recorded(
        Read,
        account=_member(result, "account"),
        requires_openai_auth=_member(result, "requiresOpenaiAuth"),
        routing=(result or {}).get("workspaceRouting"),
        error=failed,
    )


def status(server: AppServer, world: World, *, refresh: bool = False, token: bool = True) -> Status:
    """Ask for the auth status, by default with the token."""
    params = {"includeToken": token, "refreshToken": refresh}
    result, failed = _ask(world, lambda: server.request("getAuthStatus", params))
    return recorded(
        Status,
        auth_method=_member(result, "authMethod"),
        auth_token=_member(result, "authToken"),
        requires_openai_auth=_member(result, "requiresOpenaiAuth"),
        error=failed,
    )


def limits(server: AppServer, world: World) -> Limits:
    """Ask for the rate limits."""
    result, failed = _ask(world, lambda: server.request("account/rateLimits/read"))
    return recorded(
        Limits,
        plan_type=_within(result, "rateLimits", "planType"),
        used_percent=_within(result, "rateLimits", "primary", "usedPercent"),
        answer=result,
        error=failed,
    )


def turn(server: AppServer, world: World, *, ephemeral: bool = True) -> Turn:
    """Run one turn to its end, on the thread of the app-server, which is started if need be.

    Args:
        server: the app-server.
        world: where it runs.
        ephemeral: whether Codex keeps a thread that is started in memory alone; what it sends and
            says is the same, for a quarter less of the processor time of a session (0.163.0).
    """
    asked, answered = len(world.backend.journal), len(world.host.journal)
    started, said = time.monotonic(), len(server.transcript)
    outcome, message, kind = _run_turn(server, world, ephemeral=ephemeral)
    seconds = time.monotonic() - started
    model = requests_of(_thread_of(server), world.backend.journal[asked:])
    return recorded(
        Turn,
        outcome=outcome,
        message=message,
        kind=kind,
        bearers=tuple(request.bearer for request in model),
        account_ids=tuple(request.account_id for request in model),
        fedramp=tuple(request.fedramp for request in model),
        host=world.host.journal[answered:],
        answer=_answer_of_model(server, said),
        notifications=account_notifications(server, world, 0),
        seconds=round(seconds, 3),
    )


def requests_of(thread: str | None, journal: Journal) -> Sequence[Request]:
    """Return the requests to the model for ``thread``; ``None``: for any."""
    asked = journal.to(RESPONSES)
    return [one for one in asked if thread is None or _thread_in(one) in (thread, None)]


def next_turn(server: AppServer, world: World) -> NextTurn:
    """Wait for the late answers of the host, ask for the account, and run another turn."""
    world.host.finish()
    account, auth = read(server, world), status(server, world)
    again = turn(server, world)
    return recorded(
        NextTurn,
        account=account.account,
        error=account.error,
        auth_method=auth.auth_method,
        auth_token=auth.auth_token,
        outcome=again.outcome,
        message=again.message,
        kind=again.kind,
        bearers=again.bearers,
        account_ids=again.account_ids,
        host=again.host,
    )


def neighbour(world: World) -> Neighbour:
    """Start another app-server in ``world``, and ask it for the account and the auth status."""
    with start_app_server(world) as server:
        started = start(server, world)
        if started.outcome != "initialized":
            return Neighbour(error=f"not reached: {started.outcome}")
        _settle(server, world)
        account, auth = read(server, world), status(server, world)
        server.close()
    return recorded(
        Neighbour,
        account=account.account,
        error=account.error,
        auth_method=auth.auth_method,
        auth_token=auth.auth_token,
    )


def restart(world: World) -> Restart:
    """Do what ``neighbour`` does, in the home of an app-server that has ended."""
    return recorded(Restart, **fields_of(neighbour(world)))


def home(before: Look, world: World, ending: Ending) -> Home:
    """Look at the home when Codex has ended."""
    return attrs.evolve(home_since(before, world), exit=exit_text(ending))


def home_since(before: Look, world: World) -> Home:
    """Return what became of the home, however whoever used it has ended."""
    after, names = world.look(), world.names
    written = Ledger.of(world.path).written(Ledger({}))
    return Home(
        auth_json=after.auth_json_since(before),
        auth=after.contents(names, before),
        layout=after.in_codex_layout,
        mode=after.mode,
        appeared=after.appeared_since(before),
        leaked=world.search.leaks(world.besides_auth_json(written)),
    )


def exit_text(ending: Ending) -> str:
    """Return how Codex ended: its exit code or ``"hung"``, and what it left running."""
    code = "hung" if ending.exit_code is None else str(ending.exit_code)
    return f"{code}, leaving {', '.join(ending.left_behind)}" if ending.left_behind else code


def requests(world: World) -> Requests:
    """Sum up the journals of the backend and of the host."""
    journal = world.backend.journal
    return Requests(
        counts=journal.counts,
        refreshed_with=journal.refreshed_with,
        revoked=journal.revoked,
        bodies=journal.bodies(TOLD),
        bearers=journal.askers,
        host=world.host.journal,
    )


def refresh(server: AppServer, world: World) -> Refresh:
    """Ask for the account with a refresh, then for the auth status."""
    _settle(server, world)
    result, failed = _ask(world, lambda: server.request("account/read", {"refreshToken": True}))
    afterwards = status(server, world)
    return recorded(
        Refresh,
        account=_member(result, "account"),
        error=failed,
        auth_method=afterwards.auth_method,
        auth_token=afterwards.auth_token,
    )


def logout(server: AppServer, world: World) -> Logout:
    """Log out, wait for the notification, then ask for the account."""
    _settle(server, world)
    asked = len(server.transcript)
    _, failed = _ask(world, lambda: server.request(LOGOUT))
    if failed is None:
        _await_notification(server, "account/updated", after=asked)
    afterwards = read(server, world)
    return recorded(
        Logout,
        error=failed,
        notifications=account_notifications(server, world, asked),
        account=afterwards.account,
    )


def hear(server: AppServer, world: World, method: str, *, after: int) -> Heard:
    """Wait for the notification ``method``, if one is named; return what was heard from a line on.

    What Codex has to say by then, it says before it answers another question.
    """
    error = None
    try:
        if method:
            server.notification(method, after=after, deadline=HEARD_DEADLINE)
    except (CodexSilentError, CodexGoneError) as silence:
        error = str(silence)
    status(server, world)
    return Heard(messages=account_notifications(server, world, after), error=error)


def call(server: AppServer, world: World, method: str, params: Mapping[str, Any] | None) -> Called:
    """Send a request."""
    result, failed = _ask(world, lambda: server.request(method, world.logins.with_ids(params)))
    return Called(result=None if result is None else dict(result), error=failed)


def account_notifications(server: AppServer, world: World, after: int) -> tuple[Any, ...]:
    """Return the ``account/…`` notifications at or after a line, in order."""
    said = _account_messages(server, world, after)
    return tuple(one for one in said if _is_notification(one))


def wire(world: World, protocol: Protocol | str) -> Wire:
    """Hold all that was said against ``protocol``, or say why there is none."""
    form = requests_of_codex.check(world.backend.journal, str(world.codex.release))
    requests = tuple(sorted(set(form)))
    if isinstance(protocol, str):
        return Wire(
            violations=(), client_violations=(), undeclared=(), requests=requests, error=protocol
        )
    found = [
        protocol.check(server.transcript, whole=server.close().exit_code == 0)
        for server in world.servers
    ]

    def once(texts: Iterable[Sequence[str]]) -> tuple[str, ...]:
        return tuple(sorted({world.names.redact(text) for several in texts for text in several}))

    return Wire(
        violations=once(one.violations for one in found),
        client_violations=once(one.client_violations for one in found),
        undeclared=once(one.undeclared for one in found),
        requests=requests,
        error=None,
    )


def in_all_stages(records: Sequence[Any]) -> Any:
    """Return what was found in several stages of a scenario as one record, each text once."""
    together: dict[str, Any] = {}
    for name, value in fields_of(records[0]).items():
        values = [getattr(one, name) for one in records]
        if isinstance(value, tuple):
            together[name] = tuple(sorted({text for texts in values for text in texts}))
        else:
            together[name] = next(filter(None, values), None)
    return attrs.evolve(records[0], **together)


def not_reached(record: type[Any], why: str) -> Any:
    """Return what a probe records that could not be tried because Codex did not start."""
    if record in (Login, Heard):
        return record(messages=(), error=f"not reached: {why}")
    if record in (Turn, NextTurn):
        return record(
            outcome="not reached", message=why, kind=None, bearers=(), account_ids=(), host=()
        )
    return record(error=f"not reached: {why}")


def _ask(
    world: World, call: Callable[[], Mapping[str, Any]]
) -> tuple[Mapping[str, Any] | None, Failed]:
    """Return the result of a request with tokens by name, or ``None`` and why there is none."""
    result, failed = _ask_for_raw(world, call)
    return (None if result is None else world.names.redact_all(result)), failed


def _ask_for_raw(
    world: World, call: Callable[[], Mapping[str, Any]]
) -> tuple[Mapping[str, Any] | None, Failed]:
    """Return what ``_ask`` does, with the tokens themselves."""
    try:
        response = call()
    except CodexSilentError as silence:
        return None, f"hung: {silence}"
    except CodexGoneError as end:
        return None, f"died: {end}"
    if "error" in response:
        return None, _rpc_error(world.names.redact_all(response["error"]))
    result = response.get("result")
    if result is not None and not isinstance(result, dict):
        return None, f"odd: answered {world.names.redact_all(result)!r}"
    return result or {}, None


def _settle(server: AppServer, world: World) -> None:
    """Let Codex finish what it does at its start, so that nothing of it mixes with what follows.

    From 0.156.0 on it asks for the workspace's routing in the background, and notifies when it has
    it: before the answer to ``account/read`` or after, as chance has it (0.163.0).
    """
    result, _ = _ask(world, lambda: server.request("account/read", {"refreshToken": False}))
    status(server, world)
    if _within(result, "workspaceRouting"):
        _await_notification(server, "account/updated", after=0)


def _run_turn(server: AppServer, world: World, *, ephemeral: bool) -> tuple[str, str | None, Any]:
    """Return outcome, message and kind of a turn, as in ``Turn``."""
    thread = _thread_of(server)
    if thread is None:
        wanted = {"model": MODEL, "ephemeral": ephemeral}
        result, failed = _ask(world, lambda: server.request("thread/start", wanted))
        if result is None:
            return _refused(failed)
        thread = str(_within(result, "thread", "id"))
    asked = len(server.transcript)
    params = {"threadId": thread, "input": TURN_INPUT}
    started, failed = _ask(world, lambda: server.request("turn/start", params))
    if started is None:
        return _refused(failed)
    try:
        ended = server.notification("turn/completed", after=asked, deadline=TURN_DEADLINE)
    except CodexSilentError as silence:
        return "hung", str(silence), None
    except CodexGoneError as end:
        return "died", str(end), None
    completed = world.names.redact_all(_within(ended, "params", "turn"))
    error = _within(completed, "error")
    return (
        str(_within(completed, "status")),
        _within(error, "message"),
        _within(error, "codexErrorInfo"),
    )


def _answer_of_model(server: AppServer, after: int) -> Any:
    """Return what the model says in the last turn, as the client is told."""
    items = [
        _within(line.message, "params", "item")
        for line in server.transcript[after:]
        if _within(line.message, "method") == "item/completed"
    ]
    texts = [_within(one, "text") for one in items if _within(one, "type") == "agentMessage"]
    return texts[-1] if texts else None


def _thread_in(request: Request) -> str | None:
    """Return the thread that a request to the model is for, if it says so."""
    body = request.body
    return body.get("prompt_cache_key") if isinstance(body, dict) else None


def _thread_of(server: AppServer) -> str | None:
    """Return the thread that was started, if one was."""
    for line in server.transcript:
        thread = _within(line.message, "result", "thread", "id")
        if thread is not None:
            return str(thread)
    return None


def _refused(failed: Failed) -> tuple[str, str | None, Any]:
    if isinstance(failed, RpcError):
        return "refused", failed.message, failed.code
    outcome, _, message = str(failed).partition(": ")
    return outcome, message, None


def _await_notification(server: AppServer, method: str, *, after: int) -> None:
    """Give ``method`` its time to come; that it did not is seen in what was recorded."""
    try:
        server.notification(method, after=after, deadline=NOTIFICATION_DEADLINE)
    except (CodexSilentError, CodexGoneError):
        return


def _await_what_follows(server: AppServer, params: Mapping[str, Any], *, after: int) -> None:
    """Give Codex the time to say how a login went and, if it went well, who is signed in.

    ``params``: those of the login; none for a logout, of which Codex says the latter alone.
    """
    if params.get("type") in LOGINS_THAT_A_PERSON_ENDS:
        return
    if params:
        completed = _await_login(server, after=after)
        if _within(completed, "params", "success") is not True:
            return
    _await_notification(server, "account/updated", after=after)


def _await_login(server: AppServer, *, after: int) -> Mapping[str, Any] | None:
    """Return the notification of how a login ended, not of one before that a person had to end."""
    method = "account/login/completed"
    try:
        return server.wait_for(
            lambda said: said.get("method") == method and not _within(said, "params", "loginId"),
            what=f"the notification {method}",
            after=after,
            deadline=NOTIFICATION_DEADLINE,
        )
    except (CodexSilentError, CodexGoneError):
        return None


def _account_messages(
    server: AppServer, world: World, after: int, until: int | None = None
) -> tuple[Any, ...]:
    """Return what Codex said of logins and accounts, at or after a line, in order."""
    logins: list[Any] = []
    said: list[Any] = []
    for line in server.transcript[after:until]:
        message = line.message
        if line.sender == "host":
            logins += [message["id"]] if message.get("method") in (LOGIN, LOGOUT) else []
        elif _is_account_notification(message):
            message = world.names.redact_all(message)
            said.append({"method": message["method"], "params": message.get("params")})
        elif isinstance(message, dict) and "method" not in message and message.get("id") in logins:
            message = world.names.redact_all(message)
            failed = "error" in message
            said.append(
                _rpc_error(message["error"]) if failed else {"result": message.get("result")}
            )
    return tuple(said)


def _member(result: Mapping[str, Any] | None, name: str) -> Any:
    """Return a member that every answer has; one that has it not is told from one with null."""
    return None if result is None else result.get(name, LEFT_OUT)


def _within(value: Any, *way: str) -> Any:
    """Return what lies in ``value`` at the end of a way of names; ``None``: nothing."""
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _rpc_error(error: Any) -> RpcError:
    if not isinstance(error, dict):
        return RpcError(None, repr(error))
    return RpcError(error.get("code"), error.get("message"))


def _is_notification(message: Any) -> bool:
    return isinstance(message, dict) and "method" in message and "id" not in message


def _is_account_notification(message: Any) -> bool:
    return (
        _is_notification(message)
        and (method := str(message["method"])).startswith("account/")
        and method != "account/rateLimits/updated"
    )


def _text(failed: Failed) -> str:
    return f"refused: {failed.message}" if isinstance(failed, RpcError) else str(failed)


def _last_lines(text: str) -> str:
    return "\n".join(plain_text(text).splitlines()[-STDERR_LINES:])
