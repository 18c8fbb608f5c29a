"""What no schema says of the wire: a turn begins once and ends once, and nobody repeats himself.

So it is in every release from 0.94.0 to 0.169.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import define, field

STAMP: Final = "emittedAtMs"
"""What tells two notifications apart that say the same."""


@define
class Order:
    """The notifications of one connection, as far as they belong to threads, turns and items."""

    _last: Mapping[str, Any] | None = None
    _threads: set[str] = field(factory=set)
    _used: set[str] = field(factory=set)
    _turns: dict[str, Any] = field(factory=dict)
    _ended: set[str] = field(factory=set)
    _items: set[str] = field(factory=set)

    def answered(self, method: str, result: Any) -> None:
        """Take note of an answer, which no notification can repeat."""
        self._last = None
        if method == "thread/start" and isinstance(result, Mapping):
            self._threads.add(_id(result, "thread"))

    def told(self, message: Mapping[str, Any]) -> Iterator[str]:
        """Yield what is wrong with a notification at its place."""
        method, params = str(message["method"]), message.get("params")
        said = {name: value for name, value in message.items() if name != STAMP}
        if said == self._last:
            yield f"{method}: said twice"
        self._last = said
        if not isinstance(params, Mapping) or method.startswith("codex/event/"):
            return
        turn = str(params["turnId"]) if "turnId" in params else _id(params, "turn")
        if turn in self._ended:
            yield f"{method}: of a turn that has ended"
        if method == "thread/started":
            self._threads.discard(_id(params, "thread"))
        elif method == "turn/started":
            self._turns[turn] = params.get("threadId")
            self._used.add(str(params.get("threadId")))
        elif method == "turn/completed":
            if turn not in self._turns or self._turns.pop(turn) != params.get("threadId"):
                yield f"{method}: of a turn that was not started"
            self._ended.add(turn)
        elif method in ("item/started", "item/completed"):
            yield from self._item(method, _id(params, "item"))

    def ended(self) -> Iterator[str]:
        """Yield what is missing when the connection has come to its end.

        A thread without a turn may go unsaid: Codex says it after its answer, unless its client
        hangs up first (0.163.0).
        """
        if self._threads & self._used:
            yield "thread/started: not said of a thread that was started"
        if self._turns:
            yield "turn/completed: not said of a turn that was started"
        if self._items:
            yield "item/completed: not said of an item that was started"

    def _item(self, method: str, item: str) -> Iterator[str]:
        if method == "item/started":
            self._items.add(item)
        elif item in self._items:
            self._items.discard(item)
        else:
            yield f"{method}: of an item that was not started"


def _id(params: Mapping[str, Any], name: str) -> str:
    """Return the id of what is called ``name`` in ``params``; ``""``: there is none."""
    one = params.get(name)
    return str(one.get("id")) if isinstance(one, Mapping) else ""
