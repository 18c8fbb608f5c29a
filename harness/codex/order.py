"""What no schema says of the wire: a turn begins once and ends once, and nobody repeats himself.

So it is in every release from 0.94.0 to 0.169.0, but for turns that end at once: whose beginning is
said first was a race up to 0.107.0, which a client sees in one of three where Codex has two cores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import define, field

from harness.declare.releases import Range

TELLS_BEGINNING_FIRST: Final = Range(">=0.110.0")
"""Where a turn has always been said to begin before it is said to end."""

STAMP: Final = "emittedAtMs"
"""What tells two notifications apart that say the same."""


@define
class Order:
    """The notifications of one connection, as far as they belong to threads, turns and items.

    Args:
        tells_beginning_first: whether a turn must be said to begin before it is said to end.
    """

    tells_beginning_first: bool = True
    _last: Mapping[str, Any] | None = None
    _threads: set[str] = field(factory=set)
    _used: set[str] = field(factory=set)
    _turns: dict[str, Any] = field(factory=dict)
    _ended_first: dict[str, Any] = field(factory=dict)
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
        if turn in self._ended and not (method == "turn/started" and turn in self._ended_first):
            yield f"{method}: of a turn that has ended"
        if method == "thread/started":
            self._threads.discard(_id(params, "thread"))
        elif method in ("turn/started", "turn/completed"):
            yield from self._turn(method, turn, params.get("threadId"))
        elif method in ("item/started", "item/completed"):
            yield from self._item(method, _id(params, "item"))

    def ended(self) -> Iterator[str]:
        """Yield what is missing when the connection has come to its end.

        A thread without a turn may go unsaid: Codex says it after its answer, unless its client
        hangs up first (0.163.0).
        """
        if self._threads & self._used:
            yield "thread/started: not said of a thread that was started"
        if self._ended_first:
            yield "turn/started: not said of a turn that has ended"
        if self._turns:
            yield "turn/completed: not said of a turn that was started"
        if self._items:
            yield "item/completed: not said of an item that was started"

    def _turn(self, method: str, turn: str, thread: Any) -> Iterator[str]:
        if method == "turn/started":
            self._used.add(str(thread))
            if turn not in self._ended_first or self._ended_first.pop(turn) != thread:
                self._turns[turn] = thread
            return
        if turn not in self._turns and not self.tells_beginning_first:
            self._ended_first[turn] = thread
        elif turn not in self._turns or self._turns.pop(turn) != thread:
            yield f"{method}: of a turn that was not started"
        self._ended.add(turn)

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
