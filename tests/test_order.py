"""What no schema says of the wire is found, and no more than that."""

from __future__ import annotations

from typing import Any

import pytest

from harness.codex.order import Order


def told(method: str, **params: Any) -> dict[str, Any]:
    """Return a notification."""
    return {"method": method, "params": params}


SAID = told("thread/started", thread={"id": "t"})
BEGUN = told("turn/started", threadId="t", turn={"id": "1"})
ENDED = told("turn/completed", threadId="t", turn={"id": "1"})
UNSAID = "thread/started: not said of a thread that was started"


@pytest.mark.parametrize(
    ("notifications", "missing"),
    [
        pytest.param([SAID, BEGUN, ENDED], [], id="all said"),
        pytest.param([BEGUN, ENDED], [UNSAID], id="a turn in a thread that nobody spoke of"),
        pytest.param([], [], id="a client that hangs up before the thread is said"),
        pytest.param(
            [SAID, BEGUN], ["turn/completed: not said of a turn that was started"], id="no end"
        ),
    ],
)
def test_what_is_missing_at_the_end(
    notifications: list[dict[str, Any]], missing: list[str]
) -> None:
    """A thread has to be said where a turn begins in it, and a turn that begins ends."""
    order = Order()
    order.answered("thread/start", {"thread": {"id": "t"}})
    assert [found for one in notifications for found in order.told(one)] == []

    assert [*order.ended()] == missing
