"""The control interface of ``serve``: JSON over HTTP on 127.0.0.1, described in docs/serve.md."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Self

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from harness.client.serve import Served
from harness.errors import PlainError

RULES: Final = Map(
    [
        Rule("/", methods=["GET"], endpoint="about"),
        Rule("/journal", methods=["GET"], endpoint="journal"),
        Rule("/home", methods=["GET"], endpoint="home"),
        Rule("/logins", methods=["GET"], endpoint="logins"),
        Rule("/differences", methods=["GET"], endpoint="differences"),
        Rule("/answers", methods=["POST"], endpoint="answers"),
        Rule("/reset", methods=["POST"], endpoint="reset"),
    ]
)


class Control:
    """The interface, for as long as ``with`` lasts: ``with Control(served) as control: …``.

    Args:
        served: what it controls.
    """

    def __init__(self, served: Served) -> None:
        """Take a free port; nothing is answered before ``with``."""
        self._operations: Mapping[str, Callable[[Any], Any]] = {
            "about": lambda _: served.about(),
            "journal": lambda _: served.journal(),
            "home": lambda _: served.home(),
            "logins": lambda _: served.logins(),
            "differences": lambda _: served.differences(),
            "answers": served.answer_with,
            "reset": lambda said: served.reset((said or {}).get("state")),
        }
        self._server = make_server(
            "127.0.0.1", 0, self._application, threaded=True, request_handler=_Quiet
        )
        self.url: str = f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Self:
        """Answer."""
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            endpoint, _ = RULES.bind_to_environ(request.environ).match()
            # Only what says that it is JSON: a page in a browser cannot without being asked about.
            said = request.get_json() if request.content_length else None
            return _json(200, self._operations[endpoint](said))
        except HTTPException as error:
            return _json(error.code or 500, {"error": error.description})
        except PlainError as error:
            return _json(400, {"error": str(error)})


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


def _json(status: int, value: Any) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")
