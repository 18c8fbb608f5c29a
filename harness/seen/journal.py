"""The journal: every request that the fake OpenAI received, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Self

from attrs import field, frozen

OF_ACCOUNT: Final = ("/backend-api/wham/", "/v1/models")
"""Where somebody is asked for who is signed in, and for nobody else."""


@frozen(kw_only=True)
class Request:
    """One request, with tokens by name.

    Args:
        method, path: as received, the path without its query; ``CONNECT host:port`` and requests
            for another host are attempts to leave the machine; so are ``LOOKUP host``,
            ``TCP address:port`` and ``UDP address:port``, which went beside the proxy.
        bearer: the name of the bearer token, or ``None`` for a request without one.
        account_id: the header ``ChatGPT-Account-ID``.
        fedramp: the header ``X-OpenAI-Fedramp``.
        headers: every header, by its name in lower case.
        query: what follows the path.
        holds: the names of the tokens that stand in it elsewhere than in ``Authorization``.
        body: the body, parsed when it is JSON.
        status: what was answered; 0 for a dropped connection.
        at: seconds since the backend was started.
    """

    method: str
    path: str
    bearer: str | None
    account_id: str | None
    body: Any
    status: int
    at: float
    fedramp: str | None = None
    headers: Mapping[str, str] = field(factory=dict)
    query: str = ""
    holds: tuple[str, ...] = ()

    @classmethod
    def attempt(cls, endpoint: str, at: float) -> Self:
        """Return an attempt to leave the machine beside the proxy, which nobody answered."""
        method, _, path = endpoint.partition(" ")
        return cls(
            method=method, path=path, bearer=None, account_id=None, body=None, status=0, at=at
        )

    @property
    def leaves_the_machine(self) -> bool:
        """Whether it was meant for another machine."""
        return not self.path.startswith("/")

    @property
    def endpoint(self) -> str:
        """``"METHOD /path"``, as in ``harness.declare.answers.ENDPOINTS``."""
        return f"{self.method} {self.path}"


class Journal(Sequence[Request]):
    """An immutable stretch of the journal."""

    def __init__(self, requests: Sequence[Request] = ()) -> None:
        """Hold ``requests``."""
        self._requests = tuple(requests)

    def __getitem__(self, index: Any) -> Any:
        """Return one request, or a stretch of them as a ``Journal``."""
        found = self._requests[index]
        return Journal(found) if isinstance(index, slice) else found

    def __len__(self) -> int:
        """Return the number of requests."""
        return len(self._requests)

    def to(self, endpoint: str) -> Journal:
        """Return the requests for ``endpoint`` (``"METHOD /path"``)."""
        return Journal([request for request in self if request.endpoint == endpoint])

    @property
    def attempts(self) -> Journal:
        """The attempts to leave the machine."""
        return Journal([request for request in self if request.leaves_the_machine])

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each endpoint was asked, sorted by endpoint."""
        return dict(sorted(Counter(request.endpoint for request in self).items()))

    @property
    def refreshed_with(self) -> tuple[str, ...]:
        """The names of the refresh tokens that were redeemed."""
        return tuple(_member(one, "refresh_token") for one in self.to("POST /oauth/token"))

    def bodies(self, endpoints: Collection[str]) -> Mapping[str, tuple[Any, ...]]:
        """Return what each of ``endpoints`` that was asked was sent, in order."""
        return {
            endpoint: tuple(request.body for request in self.to(endpoint))
            for endpoint in self.counts
            if endpoint in endpoints
        }

    @property
    def revoked(self) -> tuple[str, ...]:
        """The names of the tokens that were revoked."""
        return tuple(_member(one, "token") for one in self.to("POST /oauth/revoke"))

    @property
    def askers(self) -> tuple[str, ...]:
        """Who asked ChatGPT's backend, or for models: the name of each bearer, or ``"nobody"``."""
        asked = (one for one in self if one.path.startswith(OF_ACCOUNT))
        return tuple(sorted({one.bearer or "nobody" for one in asked}))


def _member(request: Request, name: str) -> str:
    body = request.body
    return str(body.get(name)) if isinstance(body, dict) else f"not JSON: {body!r}"
