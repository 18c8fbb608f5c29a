"""Misbehaviours of a line each: what is altered, where it shows, and the probes that see it.

``mutants`` has the wrapper that they are, and those that take more than a line.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from mutants import FromTheBackend, Message, Mutant, Request, write, write_script

LOGIN, LOGOUT, READ = "account/login/start", "account/logout", "account/read"
LIMITS, STATUS, HELLO = "account/rateLimits/read", "getAuthStatus", "initialize"
COMPLETED, UPDATED = "account/login/completed", "account/updated"
REFRESH = "account/chatgptAuthTokens/refresh"
MODEL, MODELS, TOKEN, REVOKE = "/v1/responses", "/v1/models", "/oauth/token", "/oauth/revoke"
USAGE, ROUTING = "/backend-api/wham/usage", "/backend-api/wham/accounts/check"
EXCHANGE = "/login/oauth/token"

GONE: Final = object()
"""In place of a value: the member is taken out."""


class Case(NamedTuple):
    """A mutant, the scenario in which it shows, and exactly the probes that fail."""

    kind: type[Mutant]
    scenario: str
    killers: str


def put(message: Any, way: str, value: Any) -> None:
    """Put ``value`` at the end of a way of names; where there is no such way, nothing happens."""
    *names, last = way.split(".")
    with suppress(KeyError, TypeError):
        for name in names:
            message = message[name]
        if value is GONE:
            del message[last]
        else:
            message[last] = value


def says(method: str, change: Callable[[Message], object]) -> type[Mutant]:
    """Alter the answers to ``method``, and the notifications and the requests of that name."""

    class Says(Mutant):
        numbers: tuple[Any, ...] = ()

        def asked(self, message: Message) -> Message:
            if message.get("method") == method:
                self.numbers += (message["id"],)
            return message

        def said(self, message: Message) -> Message | None:
            answers = "method" not in message and message.get("id") in self.numbers
            if answers or message.get("method") == method:
                return None if change(message) is GONE else message
            return message

    return Says


def alters(method: str, way: str, value: Any) -> type[Mutant]:
    """Put ``value`` into what Codex says of ``method``, such as at ``result.account``."""
    return says(method, lambda message: put(message, way, value))


def keeps(method: str) -> type[Mutant]:
    """Keep what is to be said of ``method``."""
    return says(method, lambda _: GONE)


def repeats(method: str) -> type[Mutant]:
    """Say it twice."""
    return says(method, write)


def adds(method: str, name: str, params: Mapping[str, Any], **more: Any) -> type[Mutant]:
    """Send something of its own, before it says what it has to of ``method``."""
    return says(method, lambda _: write({"method": name, "params": params, **more}))


def prints(method: str, line: bytes) -> type[Mutant]:
    """Print a line before it says what it has to of ``method``."""
    return says(method, lambda _: sys.stdout.buffer.write(line + b"\n"))


def hears(method: str, way: str, value: Any) -> type[Mutant]:
    """Put ``value`` into what it is asked."""

    class Hears(Mutant):
        def asked(self, message: Message) -> Message:
            if message.get("method") == method:
                put(message, way, value)
            return message

    return Hears


def requests(path: str, change: Callable[[Request, FromTheBackend], object]) -> type[Mutant]:
    """Alter the HTTP requests for ``path``."""

    class Requests(FromTheBackend):
        def requested(self, request: Request) -> Request:
            if request.path.partition("?")[0] == path:
                change(request, self)
            return request

    return Requests


def header(path: str, name: str, value: Any) -> type[Mutant]:
    """Put a header on requests for ``path``; ``{stored}`` in it is the access token of the home."""
    return requests(
        path, lambda request, mutant: put(request.headers, name, _with_token(mutant, value))
    )


def member(path: str, name: str, value: Any) -> type[Mutant]:
    """Put a member into the body of requests for ``path``."""

    def change(request: Request, mutant: Mutant) -> None:
        body = json.loads(request.body)
        put(body, name, _with_token(mutant, value))
        request.body = json.dumps(body).encode()

    return requests(path, change)


def address(path: str, query: str) -> type[Mutant]:
    """Ask ``path`` with a query."""

    def change(request: Request, mutant: Mutant) -> None:
        request.path = f"{path}?{_with_token(mutant, query)}"

    return requests(path, change)


def form(path: str, old: bytes, new: bytes) -> type[Mutant]:
    """Replace a text in the body of requests for ``path``."""

    def change(request: Request, _: Mutant) -> None:
        request.body = request.body.replace(old, new)

    return requests(path, change)


def ends(do: Callable[[Mutant], object]) -> type[Mutant]:
    """Do something when Codex has ended."""

    class Ends(Mutant):
        def ended(self, exit_code: int) -> int:
            do(self)
            return exit_code

    return Ends


def writes(where: str, text: str, *, after_logout: bool = False) -> type[Mutant]:
    """Write a file beside or in the home; ``{stored}`` in it is the access token of the home."""

    def do(mutant: Mutant) -> None:
        path = mutant.home.parent / where
        if not (after_logout and mutant.auth_json.exists()):
            path.parent.mkdir(exist_ok=True)
            path.write_text(str(_with_token(mutant, text)))

    return ends(do)


def copies(where: str, encode: Callable[[str], str], kind: str = "access") -> type[Mutant]:
    """Write a token into a file of the home, in other words."""

    def do(mutant: Mutant) -> None:
        (mutant.home / "log").mkdir(exist_ok=True)
        (mutant.home / "log" / where).write_text(encode(_stored(mutant, f"{kind}_token")))

    return ends(do)


def permits(where: str, mode: int) -> type[Mutant]:
    """Change the permissions of what lies there."""
    return ends(lambda mutant: (mutant.home / where).chmod(mode))


def stores(way: str, value: Any) -> type[Mutant]:
    """Put ``value`` into an auth.json that has been written; ``{TOKEN}`` is one that lay there."""

    def do(mutant: Mutant) -> None:
        if mutant.auth_json.is_file() and mutant.auth_json.read_bytes() != mutant.stored:
            stored = json.loads(mutant.auth_json.read_bytes())
            old = json.loads(mutant.stored or b"{}")
            put(stored, way, value(old) if callable(value) else value)
            mutant.auth_json.write_text(json.dumps(stored, indent=2))

    return ends(do)


def exits(command: str, code: int) -> type[Mutant]:
    """Give a command another exit code."""

    class Exits(Mutant):
        def ended(self, exit_code: int) -> int:
            return code if " ".join(sys.argv[1:]).startswith(command) else exit_code

    return Exits


def types(command: str, change: Callable[[str, str], tuple[str, str]]) -> type[Mutant]:
    """Alter what a command prints: its output, and its errors."""

    class Types(Mutant):
        def environment(self, environ: MutableMapping[str, str]) -> None:
            if not " ".join(sys.argv[1:]).startswith(command):
                return
            words = [self.codex, *sys.argv[1:]]
            done = subprocess.run(words, capture_output=True, text=True, check=False, env=environ)
            output, errors = change(done.stdout, done.stderr)
            sys.stdout.write(output)
            sys.stderr.write(errors)
            sys.stdout.flush()
            os._exit(done.returncode)

    return Types


def events(kind: str, change: Callable[[Message], object]) -> type[Mutant]:
    """Alter the events of ``codex exec --json``."""

    class Events(Mutant):
        def said(self, message: Message) -> Message | None:
            return None if message.get("type") == kind and change(message) is GONE else message

    return Events


def starts(*words: str) -> type[Mutant]:
    """Start a process in a session of its own; ``{stored}`` is the access token of the home."""

    class Starts(Mutant):
        def environment(self, environ: MutableMapping[str, str]) -> None:
            del environ
            subprocess.Popen(
                [str(_with_token(self, word)) for word in words],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    return Starts


def goes_on(message: Message) -> None:
    """Begin a turn anew that has just ended."""
    write(message)
    write({**message, "method": "turn/started"})


def dies(mutant: Mutant) -> None:
    """End by a signal."""
    del mutant
    os.kill(os.getpid(), signal.SIGSEGV)


def makes_a_link(mutant: Mutant) -> None:
    """Move ``auth.json`` elsewhere, and put a link in its place."""
    if mutant.auth_json.is_file():
        (mutant.home / "log").mkdir(exist_ok=True)
        mutant.auth_json.symlink_to(mutant.auth_json.rename(mutant.home / "log" / "auth.json"))


def removes_databases(mutant: Mutant) -> None:
    """Remove what was there before."""
    for database in mutant.home.glob("*.sqlite"):
        database.unlink()


def _stored(mutant: Mutant, token: str) -> str:
    return str(json.loads(mutant.stored or b"{}").get("tokens", {}).get(token, ""))


def _with_token(mutant: Mutant, value: Any) -> Any:
    return (
        value.replace("{stored}", _stored(mutant, "access_token")) if str(value) == value else value
    )


def _base64(token: str) -> str:
    return base64.b64encode(f"x{token}".encode()).decode()


def _claims(token: str) -> str:
    return base64.urlsafe_b64decode(token.split(".")[1] + "==").decode()


WELL = {"loginId": None, "success": True, "error": None}
ASKED = {"reason": "unauthorized", "previousAccountId": None}
SLEEP = "import time; time.sleep(20)"

ON_THE_WIRE = {
    "adds a member to the account": Case(
        alters(READ, "result.account.mood", "good"), "signed_in", "wire"
    ),
    "leaves the routing out": Case(
        alters(READ, "result.workspaceRouting", GONE), "api_key", "wire"
    ),
    "leaves the account out": Case(
        alters(READ, "result.account", GONE), "no_auth", "read refresh logout wire"
    ),
    "leaves the token out": Case(
        alters(STATUS, "result.authToken", GONE), "no_auth", "status refresh"
    ),
    "says 1 for true": Case(alters(READ, "result.requiresOpenaiAuth", 1), "signed_in", "read wire"),
    "calls a plan Pro": Case(
        alters(READ, "result.account.planType", "Pro"), "signed_in", "read refresh wire"
    ),
    "tells a token unasked": Case(
        hears(STATUS, "params.includeToken", value=True),
        "login_with_api_key[over_nothing]",
        "story",
    ),
    "tells when the limits end": Case(
        alters(LIMITS, "result.rateLimits.primary.resetsAt", 1), "signed_in", "limits"
    ),
    "invents a second limit": Case(
        alters(LIMITS, "result.rateLimits.secondary", {"usedPercent": 1}), "signed_in", "limits"
    ),
    "adds data to an error": Case(alters(LIMITS, "error.data", {"a": 1}), "no_auth", "wire"),
    "answers with an error beside": Case(
        alters(READ, "error", {"code": 1, "message": "x"}), "signed_in", "read refresh wire"
    ),
    "speaks JSON-RPC 1.0": Case(alters(READ, "jsonrpc", "1.0"), "signed_in", "wire"),
    "answers a logout with null": Case(alters(LOGOUT, "result", None), "api_key", "wire"),
    "never answers": Case(keeps(LIMITS), "no_auth", "limits wire"),
    "is another agent": Case(alters(HELLO, "result.userAgent", "curl/8"), "no_auth", "start"),
    "has another home": Case(alters(HELLO, "result.codexHome", "/root"), "no_auth", "start"),
    "updates to another mode": Case(
        alters(UPDATED, "params.authMode", "apikey"), "signed_in", "turn logout"
    ),
    "drops an update": Case(keeps(UPDATED), "signed_in", "turn logout"),
    "ends a login that nobody began": Case(adds(LIMITS, COMPLETED, WELL), "signed_in", "turn"),
    "ends a login before it answers": Case(adds(LOGIN, COMPLETED, WELL), "external_login", "login"),
    "ends a turn twice": Case(repeats("turn/completed"), "no_auth", "wire"),
    "begins no turn": Case(keeps("turn/started"), "no_auth", "wire"),
    "ends another turn": Case(
        alters("turn/completed", "params.turn.id", "another"), "no_auth", "wire"
    ),
    "ends the turn of another thread": Case(
        alters("turn/completed", "params.threadId", "another"), "no_auth", "wire"
    ),
    "begins no thread": Case(keeps("thread/started"), "no_auth", "wire"),
    "goes on after the turn": Case(says("turn/completed", goes_on), "no_auth", "wire"),
    "ends an item twice": Case(repeats("item/completed"), "no_auth", "wire"),
    "changes what the model says": Case(
        alters("item/completed", "params.item.text", "No."), "no_auth", "turn wire"
    ),
    "tells of what nobody knows": Case(adds(READ, "mood/changed", {}), "signed_in", "wire"),
    "asks a host of nobody": Case(
        adds(READ, REFRESH, ASKED, id=99), "signed_in", "requests refresh"
    ),
    "names another reason": Case(
        alters(REFRESH, "params.reason", "expired"),
        "external_unauthorized_then_refreshed",
        "turn requests wire",
    ),
    "says what is no text": Case(prints(READ, b"\xff\xfe"), "signed_in", "wire"),
    "says a list": Case(prints(READ, b"[]"), "signed_in", "wire"),
    "says a huge line": Case(prints(READ, b"x" * 3_000_000), "no_auth", "wire"),
    "names another user code": Case(alters(LOGIN, "result.userCode", "A"), "device_code", "story"),
    "sends a device elsewhere": Case(
        alters(LOGIN, "result.verificationUrl", "https://elsewhere.example"), "device_code", "story"
    ),
}

OVER_HTTP = {
    "asks for the usage as nobody": Case(
        header(USAGE, "authorization", GONE), "signed_in", "requests"
    ),
    "asks for the usage with the old bearer": Case(
        header(USAGE, "authorization", "Bearer {stored}"), "expired", "requests"
    ),
    "asks for the routing of another": Case(
        header(ROUTING, "chatgpt-account-id", "workspace-9"), "signed_in", "wire"
    ),
    "asks for the models as nobody": Case(
        header(MODELS, "authorization", GONE), "signed_in", "requests"
    ),
    "asks with a query": Case(address(USAGE, "debug=1"), "signed_in", "wire"),
    "puts the token into the address": Case(address(USAGE, "t={stored}"), "signed_in", "wire"),
    "claims fedramp": Case(header(MODEL, "x-openai-fedramp", "true"), "signed_in", "wire"),
    "names an organization": Case(header(MODEL, "openai-organization", "org-1"), "api_key", "wire"),
    "sends a cookie": Case(header(MODEL, "cookie", "session=1"), "api_key", "wire"),
    "drops the originator": Case(header(MODEL, "originator", GONE), "api_key", "wire"),
    "is another user agent": Case(header(USAGE, "user-agent", "curl/8"), "signed_in", "wire"),
    "accepts anything": Case(header(MODEL, "accept", "*/*"), "api_key", "wire"),
    "tells the model the token": Case(member(MODEL, "user", "{stored}"), "signed_in", "wire"),
    "forgets the prompt": Case(member(MODEL, "input", []), "api_key", "wire"),
    "refreshes with a bearer": Case(
        header(TOKEN, "authorization", "Bearer {stored}"), "expired", "wire"
    ),
    "refreshes as another client": Case(member(TOKEN, "client_id", "app_other"), "expired", "wire"),
    "refreshes without a client": Case(member(TOKEN, "client_id", GONE), "expired", "wire"),
    "refreshes by password": Case(member(TOKEN, "grant_type", "password"), "expired", "wire"),
    "refreshes with a scope": Case(member(TOKEN, "scope", "openid"), "expired", "wire"),
    "refreshes with both tokens": Case(
        member(TOKEN, "access_token", "{stored}"), "expired", "wire"
    ),
    "refreshes in plain text": Case(header(TOKEN, "content-type", "text/plain"), "expired", "wire"),
    "revokes with another hint": Case(
        member(REVOKE, "token_type_hint", "access_token"), "signed_in", "wire"
    ),
    "exchanges as another client": Case(form(EXCHANGE, b"app_EM", b"app_XX"), "browser", "wire"),
    "exchanges without a verifier": Case(form(EXCHANGE, b"code_v", b"mode_v"), "browser", "wire"),
}

IN_THE_HOME = {
    "opens the home to all": Case(permits("", 0o755), "no_auth", "traces"),
    "opens config.toml to all": Case(permits("config.toml", 0o666), "no_auth", "traces"),
    "writes into config.toml": Case(writes("codex-home/config.toml", ""), "signed_in", "traces"),
    "writes into the user's home": Case(writes("user/.netrc", "x"), "no_auth", "traces"),
    "writes into the work": Case(writes("work/AGENTS.md", "x"), "no_auth", "traces"),
    "forgets a temporary file": Case(writes("codex-1", "x"), "no_auth", "traces"),
    "keeps a token after a logout": Case(
        writes("codex-home/log/x", "{stored}", after_logout=True), "signed_in", "traces"
    ),
    "keeps a token in base64": Case(copies("x", _base64), "signed_in", "home traces"),
    "keeps a token in hex": Case(
        copies("x", lambda one: one.encode().hex()), "signed_in", "home traces"
    ),
    "keeps a part of a token": Case(copies("x", lambda one: one[-45:]), "signed_in", "home traces"),
    "keeps what a token says": Case(copies("x", _claims, "id"), "signed_in", "home traces"),
    "forgets when it refreshed": Case(
        stores("last_refresh", lambda old: old["last_refresh"]), "expired", "home refresh"
    ),
    "keeps the id token": Case(
        stores("tokens.id_token", lambda old: old["tokens"]["id_token"]), "expired", "home refresh"
    ),
    "loses the account id": Case(stores("tokens.account_id", None), "expired", "home refresh"),
    "adds to auth.json": Case(stores("mood", "good"), "expired", "home"),
    "makes a link of auth.json": Case(ends(makes_a_link), "api_key", "home traces"),
    "removes the databases": Case(ends(removes_databases), "no_auth", "traces"),
}

BY_COMMAND = {
    "prints the status as output": Case(
        types("login status", lambda out, err: (out + err, "")), "signed_in", "cli_status"
    ),
    "prints the status twice": Case(
        types("login status", lambda out, err: (out, err * 2)), "signed_in", "cli_status"
    ),
    "prints the whole key": Case(
        types("login status", lambda out, err: (out, err.replace("***", "-"))),
        "api_key",
        "cli_status",
    ),
    "says nothing of a logout": Case(types("logout", lambda *_: ("", "")), "api_key", "cli_logout"),
    "exits 2 of a status": Case(exits("login status", 2), "no_auth", "cli_status"),
    "exits 1 of a logout": Case(exits("logout", 1), "api_key", "cli_logout"),
    "exits 0 of a failed turn": Case(exits("exec", 0), "exec_unauthorized[for-good]", "story"),
    "tells of no end": Case(
        events("turn.completed", lambda _: GONE), "exec_signed_in[api-key]", "story"
    ),
    "tells of all twice": Case(events("item.completed", write), "exec_signed_in[api-key]", "story"),
    "exits 7": Case(exits("app-server", 7), "no_auth", "home traces"),
    "dies of a signal": Case(ends(dies), "no_auth", "home cli_status cli_logout traces"),
    "prints a token as an error": Case(
        ends(lambda one: sys.stderr.write(_stored(one, "access_token"))),
        "signed_in",
        "home cli_status cli_logout traces",
    ),
    "leaves a daemon behind": Case(starts(sys.executable, "-c", SLEEP), "no_auth", "traces"),
}

SMALL: Final[Mapping[str, Case]] = {**ON_THE_WIRE, **OVER_HTTP, **IN_THE_HOME, **BY_COMMAND}
"""Every small mutant by its name."""


def write_small(path: Path, name: str, codex: Path) -> Path:
    """Write at ``path`` the small mutant of this name around the real ``codex``."""
    return write_script(path, "small_mutants", f"SMALL[{name!r}].kind", codex)
