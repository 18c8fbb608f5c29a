"""What the HTTP requests of a Codex are made of: for each endpoint its headers and its body.

So they are in every release from 0.94.0 to 0.169.0. Who is named in a request, and how often it is
made, is another question, which the probes answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Final

from attrs import field, frozen
from packaging.version import Version

from harness.codex.app_server import CLIENT_INFO, PROMPT
from harness.declare.releases import Range
from harness.seen.journal import Request

CLIENT_ID: Final = "app_EMoamEEZ73f0CkXaXp7hrann"
"""What Codex calls itself to the issuer, unless its environment says otherwise."""

FRONT_DOORS: Final = (CLIENT_INFO["name"], "codex_cli_rs", "codex_exec", "codex_python_sdk")
"""Who a request says that it is from: the client of an app-server, or a command."""

AGENT: Final = r"({doors})/{release} \(.+\) .+"

ANYTHING: Final = ""
"""A value that is not known before, of any length."""


@frozen(kw_only=True)
class Form:
    """What the requests for an endpoint are made of.

    Args:
        headers: the value of each header that is always there, as a regular expression.
        optional: the names, as one regular expression, of those that may be.
        bodies: the value of each member, as a regular expression, of each body that there is; none:
            it is looked at elsewhere.
        since: members that only some releases have.
        query: the query, as a regular expression.
        agreeing: whether both headers that tell who it is from tell the same; a request that is
            made at the start may be in the making when the client says its name (0.140.0, 0.147.0).
    """

    headers: Mapping[str, str]
    optional: str = ANYTHING
    bodies: tuple[Mapping[str, str], ...] = ()
    since: Mapping[str, Range] = field(factory=dict)
    query: str = ANYTHING
    agreeing: bool = True


_ANY: Final = {"accept": r"\*/\*"}
_NAMED: Final = {**_ANY, "user-agent": AGENT}
_OWN: Final = {**_NAMED, "originator": "|".join(FRONT_DOORS)}
_JSON: Final = {"content-type": "application/json"}
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
_WHO: Final = "authorization|chatgpt-account-id|x-openai-fedramp"

_OF_ACCOUNT: Final = Form(headers=_NAMED, optional=_WHO)
_WITH_CLIENT: Final = {"client_id": CLIENT_ID}

FORMS: Final[Mapping[str, Form]] = {
    **{
        f"GET /backend-api/wham/{name}": _OF_ACCOUNT
        for name in (
            *("accounts/check", "config/bundle", "config/requirements"),
            *("rate-limit-reset-credits", "usage"),
        )
    },
    "GET /backend-api/wham/settings/user": Form(
        headers={**_NAMED, "cache-control": "no-cache, no-store"}, optional=_WHO
    ),
    "GET /v1/models": Form(
        headers=_OWN, optional=f"{_WHO}|version", query="client_version={release}", agreeing=False
    ),
    "GET /v1/user-auth-credential/whoami": Form(
        headers=_OWN, optional="authorization", agreeing=False
    ),
    "POST /oauth/token": Form(
        headers={**_OWN, **_JSON},
        bodies=(
            {
                **_WITH_CLIENT,
                "grant_type": "refresh_token",
                "refresh_token": ANYTHING,
                "scope": "openid profile email",
                "refresh_reason": "scheduled|proactive_expiry|forced|unauthorized_recovery",
            },
        ),
        since={"scope": Range("<0.110.0"), "refresh_reason": Range(">=0.164.0")},
        agreeing=False,
    ),
    "POST /oauth/revoke": Form(
        headers={**_OWN, **_JSON},
        bodies=(
            {**_WITH_CLIENT, "token": "refresh-.+", "token_type_hint": "refresh_token"},
            {"token": "access-.+", "token_type_hint": "access_token"},
        ),
    ),
    "POST /login/oauth/token authorization_code": Form(
        headers={**_ANY, **_FORM},
        bodies=(
            {
                **_WITH_CLIENT,
                "grant_type": "authorization_code",
                "code": ANYTHING,
                "code_verifier": ANYTHING,
                "redirect_uri": ANYTHING,
            },
        ),
    ),
    "POST /login/oauth/token token-exchange": Form(
        headers={**_ANY, **_FORM},
        bodies=(
            {
                **_WITH_CLIENT,
                "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                "requested_token": "openai-api-key",
                "subject_token": ANYTHING,
                "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            },
        ),
    ),
    "POST /login/api/accounts/deviceauth/usercode": Form(
        headers={**_ANY, **_JSON}, bodies=(_WITH_CLIENT,)
    ),
    "POST /login/api/accounts/deviceauth/token": Form(
        headers={**_ANY, **_JSON}, bodies=({"device_auth_id": ANYTHING, "user_code": ANYTHING},)
    ),
    "POST /v1/responses": Form(
        headers={**_OWN, **_JSON, "accept": "text/event-stream"},
        # Up to 0.130.0 they are called session_id and thread_id.
        optional=rf"{_WHO}|(session|thread)[-_]id|version|content-encoding"
        r"|x-(codex|oai|client|amzn)-.+",
    ),
}
"""The form of the requests for each endpoint that has one."""

TAKES_TOKENS: Final = "/oauth/"
"""Where a token stands in the body because it belongs there."""

_OF_TRANSPORT: Final = frozenset(
    {"host", "content-length", "accept-encoding", "connection", "transfer-encoding", "via"}
)
"""Headers that say nothing of a request but how it travels, such as through a proxy."""


def check(requests: Iterable[Request], release: str) -> Iterator[str]:
    """Yield what is wrong with the form of requests, each text with its endpoint.

    Args:
        requests: those of one Codex.
        release: its version, ``"0.163.0"``.
    """
    senders: dict[str, set[tuple[str | None, str | None]]] = {}
    for request in requests:
        form = FORMS.get(request.endpoint)
        if form is None:
            continue
        for text in (*_of_form(request, form, release), *_out_of_place(request)):
            yield f"{request.endpoint}: {text}"
        if request.bearer and re.search(_WHO, form.optional) and "account-id" in form.optional:
            senders.setdefault(request.bearer, set()).add((request.account_id, request.fedramp))
    for bearer, named in senders.items():
        if len(named) > 1:
            whose = sorted(_named(account, fedramp) for account, fedramp in named)
            yield f"{bearer} is sent for {' and for '.join(whose)}"


def _of_form(request: Request, form: Form, release: str) -> Iterator[str]:
    for name, wanted in form.headers.items():
        value = request.headers.get(name)
        if value is None:
            yield f"no header {name}"
        elif not _filled(wanted, release).fullmatch(value):
            yield f"header {name} is {value!r}"
    for name in request.headers.keys() - form.headers.keys() - _OF_TRANSPORT:
        if not (form.optional and re.fullmatch(form.optional, name)):
            yield f"header {name}"
    agent = request.headers.get("user-agent", "").partition("/")[0]
    if form.agreeing and request.headers.get("originator", agent) != agent:
        yield f"from {request.headers['originator']!r} by {agent!r}"
    if not _filled(form.query, release).fullmatch(request.query):
        yield f"query {request.query!r}"
    if form.bodies:
        absent = {name for name, releases in form.since.items() if Version(release) not in releases}
        wrong = [list(_of_body(request.body, one, absent)) for one in form.bodies]
        yield from min(wrong, key=len)
    elif isinstance(request.body, dict) and PROMPT not in str(request.body.get("input")):
        yield "the prompt is not in the input"


def _of_body(body: Any, wanted: Mapping[str, str], absent: AbstractSet[str]) -> Iterator[str]:
    if not isinstance(body, dict):
        yield f"body {body!r}"
        return
    for name in sorted(wanted.keys() - body.keys() - absent):
        yield f"no member {name}"
    for name, value in body.items():
        if name not in wanted or name in absent:
            yield f"member {name}"
        elif wanted[name] is not ANYTHING and not re.fullmatch(wanted[name], str(value)):
            yield f"member {name} is {value!r}"


def _out_of_place(request: Request) -> Iterator[str]:
    """Yield the tokens that stand elsewhere than where a request names who makes it."""
    if TAKES_TOKENS not in request.path:
        yield from (f"{name} out of place" for name in request.holds)


@cache
def _filled(pattern: str, release: str) -> re.Pattern[str]:
    """Return what matches a value that ``release`` sends."""
    # A build that is not released says so behind a hyphen: 0.164.0-alpha.1.
    filled = pattern.replace("{release}", rf"{re.escape(release)}(-\S+)?")
    return re.compile(filled.replace("{doors}", "|".join(map(re.escape, FRONT_DOORS))))


def _named(account: str | None, fedramp: str | None) -> str:
    return f"{account or 'nobody'}{', fedramp' if fedramp else ''}"
