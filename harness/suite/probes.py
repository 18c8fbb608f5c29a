"""The probes: each does one thing to a real Codex and records what it saw. None of them judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from harness.codex.app_server import AppServer, CodexGoneError, CodexSilentError
from harness.codex.process import Ending
from harness.seen.journal import Journal
from harness.seen.ledger import Look
from harness.seen.names import Names
from harness.seen.records import (
    Home,
    Limits,
    Logout,
    Read,
    Refresh,
    Requests,
    RpcError,
    Start,
    Status,
    Turn,
)

RESPONSES: Final = "POST /v1/responses"
NOTIFICATION_DEADLINE: Final = 5.0
"""Seconds that a notification may follow the response it belongs to."""

STDERR_LINES: Final = 20

Failed = RpcError | str | None
"""Why there is no result: a JSON-RPC error, or text when Codex hung or ended."""


def start(server: AppServer, names: Names) -> Start:
    """Initialize."""
    result, failed = _ask(names, server.initialize)
    if result is not None:
        return Start(outcome="initialized", stderr="")
    said = names.redact(_last_lines(server.process.stderr))
    return Start(outcome=_text(failed), stderr=said)


def read(server: AppServer, names: Names) -> Read:
    """Ask for the account."""
    result, failed = _ask(names, lambda: server.request("account/read", {"refreshToken": False}))
    result = result or {}
    return Read(
        account=result.get("account"),
        requires_openai_auth=result.get("requiresOpenaiAuth"),
        error=failed,
    )


def status(server: AppServer, names: Names) -> Status:
    """Ask for the auth status, token included."""
    params = {"includeToken": True, "refreshToken": False}
    result, failed = _ask(names, lambda: server.request("getAuthStatus", params))
    result = result or {}
    return Status(
        auth_method=result.get("authMethod"),
        auth_token=result.get("authToken"),
        requires_openai_auth=result.get("requiresOpenaiAuth"),
        error=failed,
    )


def limits(server: AppServer, names: Names) -> Limits:
    """Ask for the rate limits."""
    result, failed = _ask(names, lambda: server.request("account/rateLimits/read"))
    snapshot = (result or {}).get("rateLimits") or {}
    return Limits(
        plan_type=snapshot.get("planType"),
        used_percent=(snapshot.get("primary") or {}).get("usedPercent"),
        error=failed,
    )


def turn(server: AppServer, names: Names, journal: Callable[[], Journal]) -> Turn:
    """Start a thread and run one turn on it to its end."""
    outcome, message, kind = _run_turn(server, names)
    asked = journal().to(RESPONSES)
    return Turn(
        outcome=outcome,
        message=message,
        kind=kind,
        bearers=tuple(request.bearer for request in asked),
        account_ids=tuple(request.account_id for request in asked),
    )


def home(before: Look, after: Look, names: Names, ending: Ending) -> Home:
    """Look at the home when Codex has ended."""
    return Home(
        auth_json=after.auth_json_since(before),
        auth=after.contents(names),
        layout=after.in_codex_layout,
        mode=after.mode,
        appeared=after.appeared_since(before),
        exit="hung" if ending.exit_code is None else str(ending.exit_code),
    )


def requests(journal: Journal) -> Requests:
    """Sum up the journal."""
    return Requests(
        counts=journal.counts, refreshed_with=journal.refreshed_with, revoked=journal.revoked
    )


def refresh(server: AppServer, names: Names) -> Refresh:
    """Ask for the account with a refresh, then for the auth status."""
    _settle(server, names)
    result, failed = _ask(names, lambda: server.request("account/read", {"refreshToken": True}))
    afterwards = status(server, names)
    return Refresh(
        account=(result or {}).get("account"),
        error=failed,
        auth_method=afterwards.auth_method,
        auth_token=afterwards.auth_token,
    )


def logout(server: AppServer, names: Names) -> Logout:
    """Log out, wait for the notification, then ask for the account."""
    _settle(server, names)
    asked = len(server.transcript)
    _, failed = _ask(names, lambda: server.request("account/logout"))
    if failed is None:
        _await_notification(server, "account/updated", after=asked)
    afterwards = read(server, names)
    notifications = [
        {"method": line.message["method"], "params": line.message.get("params")}
        for line in server.transcript[asked:]
        if line.sender == "codex" and _is_account_notification(line.message)
    ]
    return Logout(
        error=failed,
        notifications=tuple(names.redact_all(notifications)),
        account=afterwards.account,
    )


def not_reached(record: type[Any], why: str) -> Any:
    """Return what a probe records that could not be tried because Codex did not start."""
    if record is Turn:
        return Turn(outcome="not reached", message=why, kind=None, bearers=(), account_ids=())
    return record(error=f"not reached: {why}")


def _ask(
    names: Names, call: Callable[[], Mapping[str, Any]]
) -> tuple[Mapping[str, Any] | None, Failed]:
    """Return the result of a request with tokens by name, or ``None`` and why there is none."""
    try:
        response = call()
    except CodexSilentError as silence:
        return None, f"hung: {silence}"
    except CodexGoneError as end:
        return None, f"died: {end}"
    if "error" in response:
        error = names.redact_all(response["error"])
        return None, RpcError(error.get("code"), error.get("message"))
    return names.redact_all(response.get("result") or {}), None


def _settle(server: AppServer, names: Names) -> None:
    """Let Codex finish what it does at its start, so that nothing of it mixes with what follows.

    From 0.156.0 on it asks for the workspace's routing in the background, and notifies when it has
    it: before the answer to ``account/read`` or after, as chance has it (0.163.0).
    """
    result, _ = _ask(names, lambda: server.request("account/read", {"refreshToken": False}))
    status(server, names)
    if result and result.get("workspaceRouting"):
        _await_notification(server, "account/updated", after=0)


def _run_turn(server: AppServer, names: Names) -> tuple[str, str | None, Any]:
    """Return outcome, message and kind of a turn, as in ``Turn``."""
    thread, failed = _ask(names, lambda: server.request("thread/start", {"model": "gpt-5"}))
    if thread is None:
        return _refused(failed)
    params = {
        "threadId": thread["thread"]["id"],
        "input": [{"type": "text", "text": "Say one word.", "text_elements": []}],
    }
    started, failed = _ask(names, lambda: server.request("turn/start", params))
    if started is None:
        return _refused(failed)
    try:
        completed = names.redact_all(server.notification("turn/completed")["params"]["turn"])
    except CodexSilentError as silence:
        return "hung", str(silence), None
    except CodexGoneError as end:
        return "died", str(end), None
    error = completed.get("error") or {}
    return completed["status"], error.get("message"), error.get("codexErrorInfo")


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


def _is_account_notification(message: Any) -> bool:
    if not isinstance(message, dict) or "id" in message:
        return False
    method = str(message.get("method", ""))
    return method.startswith("account/") and method != "account/rateLimits/updated"


def _text(failed: Failed) -> str:
    return f"refused: {failed.message}" if isinstance(failed, RpcError) else str(failed)


def _last_lines(text: str) -> str:
    return "\n".join(plain_text(text).splitlines()[-STDERR_LINES:])


ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
TEMPORARY_HOME_WARNING: Final = "could not create PATH aliases"
"""Codex says so whenever its home is in a directory for temporary files (0.163.0)."""


def plain_text(text: str) -> str:
    """Return what a Codex printed without colours and without its word on temporary homes."""
    lines = ANSI.sub("", text).splitlines()
    return "\n".join(line for line in lines if TEMPORARY_HOME_WARNING not in line).strip()
