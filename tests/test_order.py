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


EARLY = [SAID, ENDED, BEGUN]


@pytest.mark.parametrize(
    ("order", "notifications", "wrong"),
    [
        pytest.param(
            Order(),
            EARLY,
            [
                "turn/completed: of a turn that was not started",
                "turn/started: of a turn that has ended",
                "turn/completed: not said of a turn that was started",
            ],
            id="a race that is no more",
        ),
        pytest.param(Order(tells_beginning_first=False), EARLY, [], id="a race"),
        pytest.param(
            Order(tells_beginning_first=False),
            [SAID, BEGUN, ENDED],
            [],
            id="a race that the beginning has won",
        ),
        pytest.param(
            Order(tells_beginning_first=False),
            [SAID, ENDED],
            ["turn/started: not said of a turn that has ended"],
            id="no beginning",
        ),
        pytest.param(
            Order(tells_beginning_first=False),
            [*EARLY, BEGUN],
            [
                "turn/started: said twice",
                "turn/started: of a turn that has ended",
                "turn/completed: not said of a turn that was started",
            ],
            id="two beginnings",
        ),
        pytest.param(
            Order(tells_beginning_first=False),
            [SAID, told("turn/completed", threadId="another", turn={"id": "1"}), BEGUN],
            ["turn/completed: not said of a turn that was started"],
            id="an end in another thread",
        ),
    ],
)
def test_turn_that_ends_before_it_begins(
    order: Order, notifications: list[dict[str, Any]], wrong: list[str]
) -> None:
    """That is right where it is a race of that Codex, as long as both are said, and once."""
    found = [text for one in notifications for text in order.told(one)]

    assert [*found, *order.ended()] == wrong
