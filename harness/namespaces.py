"""Namespaces of Linux, through the C library: Python has no words for them before 3.12.

A thread that moves into another namespace takes along what it starts, threads and processes.
"""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

USER: Final = 0x1000_0000
NETWORK: Final = 0x4000_0000
MOUNTS: Final = 0x0002_0000
"""``CLONE_NEWUSER``, ``CLONE_NEWNET`` and ``CLONE_NEWNS``."""

BIND: Final = 0x1000
RECURSIVELY: Final = 0x4000
SLAVE: Final = 0x8_0000
"""``MS_BIND``, ``MS_REC`` and ``MS_SLAVE``."""

CAPABILITIES: Final = {"net_bind_service": 10, "net_admin": 12, "net_raw": 13, "sys_admin": 21}
"""What it takes to make a network and to look at it."""

CAPABILITY_VERSION: Final = 0x2008_0522
AMBIENT: Final = 47
RAISE: Final = 2
CLEAR_ALL: Final = 4
"""``PR_CAP_AMBIENT`` and what it is told."""

Result = TypeVar("Result")


def gain_privileges() -> None:
    """Make this process and all that it starts able to make networks, where it is not.

    It moves into a user namespace in which it is who it was before. To be called while there is
    one thread alone. Where the kernel forbids it, nothing happens.
    """
    if sys.platform != "linux" or _can_make_networks() or not _may_gain_privileges():
        return
    _enter_user_namespace()


def another_network() -> AbstractContextManager[None]:
    """Give this thread a network of its own meanwhile, in which there is nothing at all.

    Processes that it starts have no privileges there, unless they are root.

    Raises:
        OSError: the kernel does not allow it.
    """
    return _meanwhile(_leave)


def that_network(descriptor: int) -> AbstractContextManager[None]:
    """Give this thread the network meanwhile that ``this_network`` returned; raises likewise."""
    return _meanwhile(lambda: _join(descriptor))


def this_network() -> int:
    """Return a descriptor of the network that this thread is in, to be closed."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def cut_off(function: Callable[[], Result]) -> Result:
    """Return what ``function`` does on a thread without any network, where the kernel allows it.

    Raises:
        Exception: whatever ``function`` raises.
    """

    def run() -> Result:
        with suppress(OSError):
            _leave()
        return function()

    return on_another_thread(run)


def on_another_thread(function: Callable[[], Result]) -> Result:
    """Return what ``function`` does on a thread that ends with it, wherever that thread has moved.

    Raises:
        Exception: whatever ``function`` raises.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def unshare(kinds: int) -> None:
    """Move this thread into new namespaces of these kinds.

    Raises:
        OSError: the kernel does not allow it.
    """
    _call("unshare", kinds)


def leave_mounts() -> None:
    """Give this thread, and all that it starts from here on, mounts that nobody else sees.

    What others mount is still seen.

    Raises:
        OSError: the kernel does not allow it.
    """
    unshare(MOUNTS)
    _call("mount", b"none", b"/", 0, RECURSIVELY | SLAVE, 0)


def mount_memory(directory: Path, options: str) -> None:
    """Mount a file system in memory on ``directory``, with the ``options`` of ``tmpfs``.

    Raises:
        OSError: the kernel does not allow it, or does not know the options.
    """
    _call("mount", b"none", bytes(directory), b"tmpfs", 0, options.encode())


def mount_over(there: Path, instead: Path) -> None:
    """Let the file ``instead`` be seen where the file ``there`` is; raises likewise."""
    _call("mount", bytes(instead), bytes(there), 0, BIND, 0)


def _can_make_networks() -> bool:
    """Whether a thread of this process can."""
    try:
        on_another_thread(_leave)
    except OSError:
        return False
    return True


def _leave() -> None:
    """Move this thread into another network for good.

    Raises:
        OSError: the kernel does not allow it.
    """
    unshare(NETWORK)
    _hand_down_nothing()


def _join(network: int) -> None:
    """Move this thread into a network for good; raises likewise."""
    _call("setns", network, NETWORK)
    _hand_down_nothing()


def _hand_down_nothing() -> None:
    """Let programs that this thread starts have no privileges, unless they are root's."""
    _call("prctl", AMBIENT, CLEAR_ALL, 0, 0, 0)


@contextmanager
def _meanwhile(move: Callable[[], None]) -> Iterator[None]:
    before = this_network()
    try:
        move()
        try:
            yield
        finally:
            _call("setns", before, NETWORK)
    finally:
        os.close(before)


def _may_gain_privileges() -> bool:
    """Whether the kernel allows it; tried in a process of its own, since there is no way back."""
    tried = subprocess.run([sys.executable, "-I", __file__], capture_output=True, check=False)
    return tried.returncode == 0


def _enter_user_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    unshare(USER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _hand_down_privileges()


def _hand_down_privileges() -> None:
    """Let programs that this process starts have its capabilities, which only root's do else."""
    bits = sum(1 << number for number in CAPABILITIES.values())
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    every = 0xFFFF_FFFF
    permitted = _permitted()
    low, high = permitted & every, permitted >> 32
    # Effective, permitted, inheritable: of the first 32 capabilities, then of the others.
    _call("capset", header, struct.pack("6I", low, low, bits, high, high, 0))
    for number in CAPABILITIES.values():
        _call("prctl", AMBIENT, RAISE, number, 0, 0)


def _permitted() -> int:
    status = Path("/proc/thread-self/status").read_text()
    return next(int(line.split()[1], 16) for line in status.splitlines() if "CapPrm" in line)


def _call(name: str, *arguments: int | bytes) -> None:
    """Call a function of the C library that returns 0 if all went well.

    Raises:
        OSError: it did not.
    """
    words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    if getattr(_library(), name)(*words):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    _enter_user_namespace()
    unshare(NETWORK)
