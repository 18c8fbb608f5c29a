"""How the fake OpenAI answers: what a scenario says of the world around Codex.

Every endpoint is healthy until a scenario says otherwise. One ``Answer`` holds for the whole run;
a sequence is used up, one answer a request, and after it the endpoint is healthy again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
from attrs import Attribute, field, frozen
from packaging.version import Version

from harness.declare.checks import (
    frozen_list,
    not_negative,
    takes,
    takes_many,
    takes_table,
    unless_none,
)
from harness.declare.tokens import IdTokenClaims

MODEL_SAYS: Final = "Done."
"""What the healthy model answers to whatever it is asked."""


@frozen(kw_only=True)
class Healthy:
    """The answer of a service that works.

    Args:
        after: seconds to wait before it comes.
    """

    after: float = field(default=0, validator=[takes(int, float), not_negative])


@frozen
class Reply:
    """An HTTP response of your own.

    Args:
        status: the HTTP status code.
        json: the body, as JSON; excludes ``body``.
        body: the body as text.
        headers: headers beside the content type.
        after: seconds to wait before it comes.
    """

    status: int = field(default=200, validator=takes(int))
    json: Any = field(default=None, kw_only=True)
    body: str = field(default="", kw_only=True, validator=takes(str))
    headers: Mapping[str, str] = field(factory=dict, kw_only=True, validator=takes_table(str))
    after: float = field(default=0, kw_only=True, validator=[takes(int, float), not_negative])

    def text(self) -> str:
        """Return the body as it is sent."""
        return self.body if self.json is None else json.dumps(self.json)


@frozen(kw_only=True)
class Drop:
    """The connection is closed without a single byte of an answer.

    Args:
        after: seconds to wait before that.
    """

    after: float = field(default=0, validator=[takes(int, float), not_negative])


@frozen(kw_only=True)
class Grant:
    """What the token endpoint grants to a refresh; by default a new token of every kind.

    Args:
        expires_in: seconds from now to the ``exp`` of the new access token.
        access_token, refresh_token, id_token: ``False`` leaves the member out of the answer, so
            that Codex keeps the one that it has.
        claims: the claims of the new id token; ``None``: those of the one in the home.
        after: seconds to wait before the answer comes.
    """

    expires_in: float = field(default=864_000, validator=takes(int, float))
    access_token: bool = field(default=True, validator=takes(bool))
    refresh_token: bool = field(default=True, validator=takes(bool))
    id_token: bool = field(default=True, validator=takes(bool))
    claims: IdTokenClaims | None = field(default=None, validator=takes(IdTokenClaims, None))
    after: float = field(default=0, validator=[takes(int, float), not_negative])


@frozen(kw_only=True)
class Rotating:
    """What a token endpoint does whose refresh tokens are good for once: each gives the next.

    Args:
        family: whether a token that is redeemed again takes with it all that came of it: from then
            on no refresh token is good for anything.
        at_once: how many refreshes must have been asked for before the first is answered, so that
            they meet however slow the machine is; those that never come are waited for a while.
        after: seconds to wait before an answer comes, with ``at_once`` any but the first; the token
            is spent when it is asked with.
    """

    family: bool = field(default=False, validator=takes(bool))
    at_once: int = field(default=1, validator=takes(int))
    after: float = field(default=0, validator=[takes(int, float), not_negative])


@frozen
class UntilRefreshed:
    """An answer for as long as Codex sends a token from its home; healthy for a granted one.

    Args:
        answer: the answer until then.
    """

    answer: Healthy | Reply | Drop = field(validator=takes(Healthy, Reply, Drop))


Answer = Healthy | Reply | Drop | Grant | Rotating | UntilRefreshed
Answers = Answer | Sequence[Answer]

HEALTHY = Healthy()


def refuse(status: int = 401, code: str = "", message: str = "refused by the scenario") -> Reply:
    """Return an OAuth or API error: ``{"error": {"code": …, "message": …}}`` with ``status``."""
    return Reply(status, json={"error": {"code": code, "message": message}})


def unauthorized() -> Reply:
    """Return the 401 with which the API refuses an access token."""
    return refuse(401, "token_expired", "Provided authentication token is expired.")


def slow(seconds: float) -> Healthy:
    """Return a healthy answer that takes ``seconds``."""
    return Healthy(after=seconds)


def drop() -> Drop:
    """Return the answer of a connection that breaks."""
    return Drop()


def grant(**members: Any) -> Grant:
    """Return a refresh that is granted, as ``Grant`` describes it."""
    return Grant(**members)


def rotating(*, family: bool = False, at_once: int = 1, after: float = 0) -> Rotating:
    """Return the answers of a token endpoint whose refresh tokens are good for once."""
    return Rotating(family=family, at_once=at_once, after=after)


def until_refreshed(answer: Healthy | Reply | Drop) -> UntilRefreshed:
    """Return ``answer`` for the tokens of the home, and a healthy one for granted tokens."""
    return UntilRefreshed(answer)


GRANTING = ("token", "code")
"""The endpoints that give tokens."""


_takes_answer: Final = takes(Healthy, Reply, Drop, Grant, Rotating, UntilRefreshed)


def _one_or_many(instance: object, attribute: Attribute[Any], value: object) -> None:
    for answer in as_sequence(value):
        _takes_answer(instance, attribute, answer)
        if isinstance(answer, Grant) and attribute.name not in GRANTING:
            message = (
                f"'{attribute.name}' cannot grant tokens; only 'token' and 'code' take grant()"
            )
            raise TypeError(message)
        if isinstance(answer, Rotating) and attribute.name != "token":
            message = f"'{attribute.name}' redeems no refresh tokens; only 'token' takes rotating()"
            raise TypeError(message)


def as_sequence(answers: Any) -> tuple[Any, ...]:
    """Return one answer or many as a tuple."""
    return answers if isinstance(answers, tuple) else (answers,)


def _endpoint(path: str, *, since: str = "0.0.0", until: str = "9999", told: bool = False) -> Any:
    """Return the field of an endpoint.

    Args:
        path: the endpoint.
        since: the first release that asks it.
        until: the first release that asks it no longer.
        told: whether what it is sent says something of the state.
    """
    return field(
        default=HEALTHY,
        converter=frozen_list,
        validator=_one_or_many,
        metadata={"path": path, "since": Version(since), "until": Version(until), "told": told},
    )


@frozen(kw_only=True)
class Backend:
    """The fake OpenAI of a scenario: one field an endpoint, and the workspaces it knows.

    Args:
        token: ``POST /oauth/token``, which refreshes tokens.
        revoke: ``POST /oauth/revoke``, which a logout calls.
        responses: ``POST /v1/responses``, the model.
        models: ``GET /v1/models``.
        accounts_check: ``GET /backend-api/wham/accounts/check``, workspace routing (0.156.0 on).
        usage: ``GET /backend-api/wham/usage``, rate limits.
        reset_credits: ``GET /backend-api/wham/rate-limit-reset-credits``.
        settings: ``GET /backend-api/wham/settings/user``.
        config_bundle: ``GET /backend-api/wham/config/bundle``, asked for workspace plans (0.137.0
            on).
        config_requirements: ``GET /backend-api/wham/config/requirements``, asked before that.
        code: ``POST /login/oauth/token``, where the issuer of a login takes the code for tokens.
        api_key: the same, where it takes the id token for an API key.
        usercode: ``POST /login/api/accounts/deviceauth/usercode``, which begins a login by device
            code.
        device: ``POST /login/api/accounts/deviceauth/token``, which is asked until a person has
            entered the code; 403 for "not yet".
        whoami: ``GET /v1/user-auth-credential/whoami``, which says whose a personal access token
            is.
        jwks: ``GET /backend-api/wham/agent-identities/jwks``, the keys that sign the tokens of
            agents.
        task: ``POST /v1/agent/agent-1/task/register``, where an agent registers what it does.
        workspace_token: ``POST /backend-api/accounts/switch-workspace-token``, which gives
            an access token for another workspace of the same user (0.166.0 on).
        nudge: ``POST /backend-api/wham/accounts/send_add_credits_nudge_email``, which asks the
            owner of a workspace for credits.
        workspaces: the account ids that routing discovery lists; ``None``: the home's own.
    """

    token: Answers = _endpoint("POST /oauth/token", told=True)
    revoke: Answers = _endpoint("POST /oauth/revoke", since="0.122.0", told=True)
    responses: Answers = _endpoint("POST /v1/responses")
    models: Answers = _endpoint("GET /v1/models")
    accounts_check: Answers = _endpoint("GET /backend-api/wham/accounts/check", since="0.156.0")
    usage: Answers = _endpoint("GET /backend-api/wham/usage")
    reset_credits: Answers = _endpoint(
        "GET /backend-api/wham/rate-limit-reset-credits", since="0.143.0"
    )
    settings: Answers = _endpoint("GET /backend-api/wham/settings/user", since="0.146.0")
    config_bundle: Answers = _endpoint("GET /backend-api/wham/config/bundle", since="0.137.0")
    config_requirements: Answers = _endpoint(
        "GET /backend-api/wham/config/requirements", until="0.137.0"
    )
    code: Answers = _endpoint("POST /login/oauth/token authorization_code")
    api_key: Answers = _endpoint("POST /login/oauth/token token-exchange")
    usercode: Answers = _endpoint("POST /login/api/accounts/deviceauth/usercode")
    device: Answers = _endpoint("POST /login/api/accounts/deviceauth/token")
    whoami: Answers = _endpoint("GET /v1/user-auth-credential/whoami")
    jwks: Answers = _endpoint("GET /backend-api/wham/agent-identities/jwks")
    task: Answers = _endpoint("POST /v1/agent/agent-1/task/register")
    workspace_token: Answers = _endpoint(
        "POST /backend-api/accounts/switch-workspace-token", told=True
    )
    nudge: Answers = _endpoint(
        "POST /backend-api/wham/accounts/send_add_credits_nudge_email", told=True
    )
    workspaces: Sequence[str] | None = field(
        default=None, validator=unless_none(takes_many(str, of="account ids"))
    )

    @property
    def waits(self) -> float:
        """How many seconds its answers take, at the least, one of each."""
        answers = [answer for name in ENDPOINTS.values() for answer in _each(getattr(self, name))]
        return sum(answer.after for answer in answers)


def _each(answers: Answers) -> Iterator[Healthy | Reply | Drop | Grant | Rotating]:
    for answer in as_sequence(answers):
        yield answer.answer if isinstance(answer, UntilRefreshed) else answer


ENDPOINTS: Mapping[str, str] = {
    attribute.metadata["path"]: attribute.name
    for attribute in attrs.fields(Backend)
    if "path" in attribute.metadata
}
"""The endpoints of the fake, ``"METHOD /path"``, and the field of ``Backend`` that answers each."""


TOLD: Final = frozenset(
    attribute.metadata["path"]
    for attribute in attrs.fields(Backend)
    if attribute.metadata.get("told")
)
"""The endpoints of which is recorded what they are sent."""


def asked_by(endpoint: str, release: Version) -> bool:
    """Whether ``release`` knows ``endpoint``; one that the fake does not know, it may."""
    name = ENDPOINTS.get(endpoint)
    if name is None:
        return True
    known = getattr(attrs.fields(Backend), name).metadata
    return bool(known["since"] <= release < known["until"])
