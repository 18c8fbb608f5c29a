"""The logins that Codex has begun and a person must end, and the browser that plays the person."""

from __future__ import annotations

import html
import http.client
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from harness.seen.names import Names
from harness.seen.records import Visited

OF_ONE_LOGIN: Final = ("state", "code_challenge")
"""Parameters of the address that are other ones each time."""

HERE: Final = ("127.0.0.1", "localhost")
DEADLINE: Final = 20.0
REDIRECTS: Final = 5

MARKUP: Final = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)


class Logins:
    """The logins of one run, in the order in which they were begun.

    Args:
        names: where their ids and addresses get their names, ``login-1`` and ``auth-url-1``.
    """

    def __init__(self, names: Names) -> None:
        """Know of none yet."""
        self._names = names
        self._ids: list[str] = []
        self._urls: dict[int, str] = {}

    def note(self, owner: object, result: Mapping[str, Any]) -> Mapping[str, str] | None:
        """Take note of what a login was answered with.

        Args:
            owner: who was asked; a visit names the same.
            result: the answer to ``account/login/start``.

        Returns:
            The address for the browser, as ``Login.auth_url``; ``None``: there is none.
        """
        if "loginId" in result:
            self._ids.append(str(result["loginId"]))
            self._names.add_place(f"login-{len(self._ids)}", self._ids[-1])
        if "authUrl" not in result:
            return None
        return self.note_url(owner, str(result["authUrl"]))

    def note_url(self, owner: object, url: str) -> Mapping[str, str]:
        """Take note of the address that ``owner`` sends a person to, and return it in parts."""
        self._urls[id(owner)] = url
        self._names.add_place(f"auth-url-{len(self._urls)}", url)
        address = urlsplit(url)
        told = {"at": f"{address.scheme}://{address.netloc}{address.path}"}
        told |= {name: value for name, value in _query(url).items() if name not in OF_ONE_LOGIN}
        return {name: self._names.redact(value) for name, value in told.items()}

    def with_ids(self, params: Any) -> Any:
        """Return ``params`` with the ids of logins in place of their names."""
        ids = {f"login-{number}": one for number, one in enumerate(self._ids, start=1)}
        if not isinstance(params, Mapping):
            return params
        return {
            name: ids.get(value, value) if isinstance(value, str) else value
            for name, value in params.items()
        }

    def visit(self, owner: object, path: str, query: Mapping[str, str]) -> Visited:
        """Come back from the issuer to the login of ``owner``, as ``do.visit`` says."""
        asked = _query(self._urls.get(id(owner), ""))
        back = asked.get("redirect_uri", "")
        given = {"state": asked.get("state", "")} | dict(query or {"code": "code-1"})
        status, location, text = _get(f"{urljoin(back, path)}?{urlencode(given)}")
        first = status, location
        for _ in range(REDIRECTS):
            if location is None or urlsplit(location).hostname not in HERE:
                break
            _, location, text = _get(location)
        where = first[1] and self._names.redact(_without_port(first[1]))
        return Visited(status=first[0], location=where, text=self._names.redact(text))


def _get(url: str) -> tuple[int | None, str | None, str]:
    """Return status, location and text of a page; no status where nobody listens."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=DEADLINE)
    try:
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return None, None, getattr(error, "strerror", None) or str(error)
    finally:
        connection.close()
    location = answer.getheader("Location")
    return answer.status, location and urljoin(url, location), _text(page)


def _text(page: str) -> str:
    """Return what a person reads of a page."""
    return " ".join(html.unescape(MARKUP.sub(" ", page)).split())


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _without_port(url: str) -> str:
    address = urlsplit(url)
    return url if address.hostname not in HERE else f"{address.path}?{address.query}"
