"""HTTP on 127.0.0.1, served on the event loop of this process."""

from __future__ import annotations

import json
import logging
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from attrs import field, frozen

from harness.loop import event_loop

if TYPE_CHECKING:
    from aiohttp.web import BaseRequest, Response

LONGEST: Final = 1 << 16
"""Bytes that the first line of a request, or a header, may have: a token may be long."""

FORM: Final = "application/x-www-form-urlencoded"

_QUIET: Final = logging.getLogger(__name__)
"""Says nothing: whoever serves writes down what matters."""
_QUIET.disabled = True


@frozen
class Asked:
    """A request.

    Args:
        method, target: as in its first line.
        headers: by name in lower case.
        body: its body, as it was sent.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """What its body is, ``"application/json"``; ``""``: it does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def is_form(self) -> bool:
        """Whether its body is a form."""
        return self.kind == FORM

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @cached_property
    def data(self) -> Any:
        """The body as data: a form, parsed JSON, or text."""
        if self.is_form:
            return self.form
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body.decode(errors="replace")


@frozen
class Answered:
    """The answer to a request.

    Args:
        status: its status.
        body: its body.
        headers: by name; how long the body is goes without saying.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(factory=dict)

    @classmethod
    def as_json(cls, value: Any, status: int = 200) -> Answered:
        """Answer with ``value``."""
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


Serve = Callable[[Asked], Awaitable[Answered | None]]
"""Answers a request; ``None``: it breaks the connection."""


class Listener:
    """HTTP/1.1 on a port, a connection a request.

    Args:
        serve: answers; runs on the loop.
        listener: a socket that listens on 127.0.0.1, and goes on listening at the end; by default
            one of its own, on a free port.
        tls: with what to serve, if by TLS.
    """

    def __init__(
        self,
        serve: Serve,
        *,
        listener: socket.socket | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        """Take a port, in the network that the calling thread is in; it is not served yet."""
        self._serve = serve
        self._socket = listener.dup() if listener else socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        self.port: int = self._socket.getsockname()[1]

    async def open(self) -> None:
        """Serve from here on."""
        from aiohttp.web import Server  # noqa: PLC0415 - takes long, and not every process serves

        self._server = Server(
            self._handle,
            access_log=None,
            auto_decompress=False,
            lingering_time=0,
            logger=_QUIET,
            max_field_size=LONGEST,
            max_line_size=LONGEST,
            tcp_keepalive=False,
        )
        self._listening = await event_loop().create_server(
            self._server, sock=self._socket, ssl=self._tls
        )

    async def close(self) -> None:
        """Serve no more, once all that was asked has been answered."""
        self._listening.close()
        await self._server.shutdown()

    async def _handle(self, request: BaseRequest) -> Response:
        # What follows the first line of a CONNECT has no end; read() of the request has a limit.
        body = b"" if request.method == "CONNECT" else await request.content.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = await self._serve(Asked(request.method, request.raw_path, headers, body))
        if answered is None:
            _break(request)
            answered = Answered(0, b"")
        return _response(answered)


def _response(answered: Answered) -> Response:
    from aiohttp.web import Response  # noqa: PLC0415 - as above

    response = Response(body=answered.body, status=answered.status, headers=answered.headers)
    response.force_close()
    return response


def _break(request: BaseRequest) -> None:
    """Reset the connection: Codex gets neither a status line nor an orderly end."""
    transport = request.transport
    assert transport is not None
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
