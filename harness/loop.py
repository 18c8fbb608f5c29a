"""The event loop of this process, on a thread of its own.

It serves what Codex asks for, and reads what Codex prints: whoever else runs here need not wait for
any of it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, Final, TypeVar

_LOCK: Final = threading.Lock()

Result = TypeVar("Result")


def event_loop() -> asyncio.AbstractEventLoop:
    """Return the loop, which begins with the first call and ends with the process."""
    with _LOCK:
        return _begun()[0]


def begin(work: Coroutine[Any, Any, Result]) -> Future[Result]:
    """Begin ``work`` on the loop, behind all that was begun before; log what goes wrong in it."""
    begun = asyncio.run_coroutine_threadsafe(work, event_loop())
    begun.add_done_callback(_log_error)
    return begun


def on_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what ``work`` returns, done on the loop, or raise what it raises."""
    return asyncio.run_coroutine_threadsafe(work, event_loop()).result()


def seconds_on_loop() -> float:
    """Return the processor time that its thread has taken, in seconds; 0, if there is none."""
    if not _begun.cache_info().currsize:
        return 0
    ident = _begun()[1].ident
    assert ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(ident))


def _log_error(done: Future[Any]) -> None:
    if error := done.exception():
        logging.getLogger(__name__).error("on the loop", exc_info=error)


@cache
def _begun() -> tuple[asyncio.AbstractEventLoop, threading.Thread]:
    import uvloop  # noqa: PLC0415 - takes long, and not every process has a loop

    # Its own system calls need not wait for other threads of this process each time.
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="loop", daemon=True)
    thread.start()
    return loop, thread
