"""The control interface of ``serve``: JSON over HTTP on 127.0.0.1, described in docs/serve.md."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from harness.client.serve import Served
from harness.errors import PlainError
from harness.loop import on_loop
from harness.world.serving import Answered, Asked, Listener


class Control:
    """The interface, for as long as ``with`` lasts: ``with Control(served) as control: …``.

    Args:
        served: what it controls.
    """

    def __init__(self, served: Served) -> None:
        """Take a free port; nothing is answered before ``with``."""
        self._operations: Mapping[str, Callable[[Any], Any]] = {
            "GET /": lambda _: served.about(),
            "GET /journal": lambda _: served.journal(),
            "GET /home": lambda _: served.home(),
            "GET /logins": lambda _: served.logins(),
            "GET /differences": lambda _: served.differences(),
            "POST /answers": served.answer_with,
            "POST /reset": lambda said: served.reset((said or {}).get("state")),
        }
        self._listener = Listener(self._serve)
        self.url = f"http://127.0.0.1:{self._listener.port}"

    def __enter__(self) -> Self:
        """Answer."""
        on_loop(self._listener.open())
        return self

    def __exit__(self, *_: object) -> None:
        """Answer no more."""
        on_loop(self._listener.close())

    async def _serve(self, asked: Asked) -> Answered:
        # An operation may itself wait for what is served.
        return await asyncio.to_thread(self._answer, asked)

    def _answer(self, asked: Asked) -> Answered:
        operation = self._operations.get(f"{asked.method} {urlsplit(asked.target).path}")
        if operation is None:
            there_are = ", ".join(self._operations)
            return _refused(
                404, f"there is no {asked.method} {asked.target}; there are {there_are}"
            )
        # Only what says that it is JSON: a page in a browser cannot without being asked about.
        if asked.body and asked.kind != "application/json":
            return _refused(415, "a body is JSON, and says so: Content-Type: application/json")
        try:
            return Answered.as_json(operation(json.loads(asked.body) if asked.body else None))
        except json.JSONDecodeError as error:
            return _refused(400, f"the body is no JSON: {error}")
        except PlainError as error:
            return _refused(400, str(error))
        except Exception:  # noqa: BLE001 - a fault of ours, told to whoever can report it
            return _refused(500, traceback.format_exc())


def _refused(status: int, why: str) -> Answered:
    return Answered.as_json({"error": why}, status)
