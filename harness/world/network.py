"""The network of a world: nothing but itself, and whoever tries to leave it is noted.

On Linux each world has a network namespace of its own, with a loopback device to which every
address on earth belongs. So a connection to another machine is refused at once; a packet socket
sees who was meant. A name is looked up in vain, and noted, too. Where the kernel does not allow
namespaces, a world shares the machine's network, and only the proxy keeps Codex from leaving it.
"""

from __future__ import annotations

import ctypes
import fcntl
import ipaddress
import os
import socket
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from types import MappingProxyType
from typing import Final, Protocol

from harness.loop import begin
from harness.namespaces import (
    NETWORK,
    another_network,
    gain_privileges,
    on_another_thread,
    that_network,
    this_network,
    unshare,
)

NAMES: Final = 53
"""The port of name servers."""

LONGEST: Final = 1_500
"""Bytes of a packet that are looked at."""


Services = Mapping[socket.socket, Callable[[], None]]
"""What has to be called when a socket can be read."""


class Network(Protocol):
    """What a world has for a network.

    Attributes:
        is_private: whether its ports are its own, and nothing gets out of it.
        services: what it serves.
    """

    is_private: bool
    services: Services

    def attempts(self) -> Sequence[str]:
        """Return who tried to leave since the last time: ``"LOOKUP chatgpt.com"``.

        Or, where an address was known, ``"TCP 192.0.2.1:443"`` or ``"UDP [2001:db8::1]:123"``.
        """

    def abandon(self) -> None:
        """Let no other world have it: somebody is still in it."""


class SharedNetwork:
    """The network of the machine: nothing is seen of who leaves it."""

    is_private = False
    services: Services = MappingProxyType({})

    def attempts(self) -> Sequence[str]:
        """Return nothing."""
        return ()

    def abandon(self) -> None:
        """Do nothing: all have it anyway."""


@contextmanager
def private_network() -> Iterator[Network]:
    """Put this thread, and all that it starts, into a network of its own, where that can be.

    It is lent to one after another: the kernel takes longer to make one, and to do away with it,
    than a Codex takes to say who is signed in.
    """
    if why_shared():
        yield SharedNetwork()
        return
    network = _free_network()
    try:
        with that_network(network.descriptor):
            yield network
    except BaseException:
        network.abandon()
        raise
    finally:
        if network.is_abandoned:
            # Once the backend in it, which is told so on the loop, has ended.
            begin(_end(network))
        else:
            network.forget()
            _FREE.append(network)


_FREE: Final[list[PrivateNetwork]] = []
"""The networks that no world has; they end with the process."""


async def _end(network: PrivateNetwork) -> None:
    network.close()


def _free_network() -> PrivateNetwork:
    with suppress(IndexError):
        return _FREE.pop()
    with another_network():
        return PrivateNetwork()


def leave_network() -> None:
    """Cut this process, and all that it starts from here on, off the machine's network.

    From then on worlds can have networks of their own, whoever runs this. To be called while there
    is one thread alone. Where the kernel does not allow it, nothing happens.
    """
    gain_privileges()
    if sys.platform == "linux":
        with suppress(OSError):
            unshare(NETWORK)
            _bring_up_loopback()


@cache
def why_shared() -> str:
    """Return why worlds have no networks of their own here; ``""``: they have."""
    if sys.platform != "linux":
        return "only Linux has network namespaces"

    def attempt() -> None:
        with another_network():
            PrivateNetwork().close()

    try:
        # One that cannot come back must not go on.
        on_another_thread(attempt)
    except OSError as error:
        return str(error)
    return ""


class PrivateNetwork:
    """What the network namespace of this thread becomes.

    Raises:
        OSError: this thread may not make one.

    Attributes:
        descriptor: of the namespace, for ``that_network``.
        is_abandoned: whether no other world may have it.
    """

    is_private = True

    def __init__(self) -> None:
        """Make every address that of the loopback device; look at what is sent."""
        self.is_abandoned = False
        with ExitStack() as stack:
            _bring_up_loopback()
            families = [socket.AF_INET]
            _own_every_address(socket.AF_INET)
            # A kernel may be without IPv6, and then nothing leaves through it.
            with suppress(OSError):
                _own_every_address(socket.AF_INET6)
                families.append(socket.AF_INET6)
            self._watch = stack.enter_context(_watch())
            servers = [stack.enter_context(_name_server(family)) for family in families]
            self.services: Services = {server: _answering(server) for server in servers}
            self.descriptor = this_network()
            stack.callback(os.close, self.descriptor)
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Look and answer no longer."""
        self._stack.close()

    def abandon(self) -> None:
        """Let no other world have it."""
        self.is_abandoned = True

    def forget(self) -> None:
        """Forget what was sent so far, and what was asked of the name servers."""
        for one in (self._watch, *self.services):
            for _ in _received(one):
                pass

    def attempts(self) -> Sequence[str]:
        """Return who tried to leave since the last time."""
        return tuple(filter(None, map(_told, _received(self._watch))))


def _received(one: socket.socket) -> Iterator[bytes]:
    """Yield what has come so far."""
    while True:
        try:
            yield one.recv(LONGEST, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return


SIOCSIFFLAGS: Final = 0x8914
UP_AND_RUNNING: Final = 0x41


def _bring_up_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


NEW_ROUTE: Final = 24
REQUEST_ACKNOWLEDGED_CREATE: Final = 0x405
TABLE_LOCAL: Final = 255
STATIC: Final = 4
SCOPE_HOST: Final = 254
LOCAL: Final = 2
OUTGOING_INTERFACE: Final = 4
LOOPBACK_INDEX: Final = 1


def _own_every_address(family: socket.AddressFamily) -> None:
    """Do ``ip route add local default dev lo``.

    Raises:
        OSError: the kernel refuses.
    """
    interface = struct.pack("HHi", 8, OUTGOING_INTERFACE, LOOPBACK_INDEX)
    route = struct.pack("8BI", family, 0, 0, 0, TABLE_LOCAL, STATIC, SCOPE_HOST, LOCAL, 0)
    size = 16 + len(route) + len(interface)
    header = struct.pack("IHHII", size, NEW_ROUTE, REQUEST_ACKNOWLEDGED_CREATE, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(header + route + interface)
        (failure,) = struct.unpack_from("i", kernel.recv(4096), 16)
    if failure:
        message = "the kernel takes no route to all addresses"
        raise OSError(-failure, message)


ALL_PROTOCOLS: Final = 3
ATTACH_FILTER: Final = 26
PACKET_TYPE: Final = 0xFFFF_F004
OUTGOING: Final = 4
TCP: Final = 6
UDP: Final = 17

FILTER: Final = (
    # Code, jump if true, jump if false (both counted from the next one), operand.
    (0x20, 0, 0, PACKET_TYPE),
    (0x15, 11, 0, OUTGOING),  # it comes again as one that is received
    (0x30, 0, 0, 0),
    (0x54, 0, 0, 0xF0),
    (0x15, 0, 4, 0x40),  # IPv4, or else go on at the first of IPv6
    (0x30, 0, 0, 9),
    (0x15, 7, 0, UDP),
    (0x30, 0, 0, 16),
    (0x15, 4, 5, 127),  # to 127.0.0.0/8?
    (0x30, 0, 0, 6),
    (0x15, 3, 0, UDP),
    (0x20, 0, 0, 24),
    (0x15, 0, 1, 0),  # to ::/32, and so to ::1?
    (0x06, 0, 0, 0),
    (0x06, 0, 0, LONGEST),
)
"""A classic BPF program: take what is not for loopback addresses, and all UDP."""


def _watch() -> socket.socket:
    """Return a socket that gets a copy of every packet that ``FILTER`` takes, from IP on."""
    watch = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL_PROTOCOLS))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in FILTER))
    program = struct.pack("HxxxxxxP", len(FILTER), ctypes.addressof(code))
    watch.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)
    return watch


SYN, ACK = 0x02, 0x10


def _told(packet: bytes) -> str:
    """Return what a packet tells of who sent it, as ``Network.attempts`` says; ``""``: nothing."""
    if packet[0] >> 4 == 4:  # noqa: PLR2004 - the version of IP
        protocol, address, payload = packet[9], packet[16:20], packet[(packet[0] & 15) * 4 :]
        host = str(ipaddress.IPv4Address(address))
    else:
        protocol, address, payload = packet[6], packet[24:40], packet[40:]
        host = f"[{ipaddress.IPv6Address(address)}]"
    source, port = struct.unpack_from("!HH", payload)
    if protocol == UDP and port == NAMES:
        name = _asked(payload[8:])
        return "" if _is_own(name) else f"LOOKUP {name}"
    if protocol == UDP:
        is_answer = source == NAMES
        stays = ipaddress.ip_address(address).is_loopback or is_answer
        return "" if stays else f"UDP {host}:{port}"
    connects = protocol == TCP and payload[13] & (SYN | ACK) == SYN
    return f"TCP {host}:{port}" if connects else ""


def _is_own(name: str) -> bool:
    """Whether a name is that of this machine, which a Codex may look up to tell it (0.140.0)."""
    return name.lower().partition(".")[0] == socket.gethostname().lower().partition(".")[0]


PACKET_INFO: Final = 8
"""``IP_PKTINFO``, which ``socket`` does not name before Python 3.14."""

DNS_HEADER: Final = 12
NO_SUCH_NAME: Final = 0x8183
"""The flags of an answer."""


def _asked(query: bytes) -> str:
    """Return the name that a query to a name server asks for; as far as it is one."""
    labels, rest = [], query[DNS_HEADER:]
    while rest and rest[0]:
        length = rest[0]
        labels.append(rest[1 : 1 + length].decode("ascii", errors="backslashreplace"))
        rest = rest[1 + length :]
    return ".".join(labels)


def _name_server(family: socket.AddressFamily) -> socket.socket:
    """Return a socket that gets what is sent to name servers, and where each of it was sent."""
    server = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        server.setsockopt(socket.IPPROTO_IP, PACKET_INFO, 1)
    server.bind(("", NAMES))
    return server


def _answering(server: socket.socket) -> Callable[[], None]:
    """Return what says once, of the name that is asked for, that there is none."""

    def answer() -> None:
        try:
            query, where, _, client = server.recvmsg(
                LONGEST, socket.CMSG_SPACE(20), socket.MSG_DONTWAIT
            )
        except BlockingIOError:
            return  # it has been forgotten in the meantime
        said = query[:2] + struct.pack("!5H", NO_SUCH_NAME, 1, 0, 0, 0) + query[DNS_HEADER:]
        # From the very address that was asked, or it is not believed.
        with suppress(OSError):
            server.sendmsg([said], where, 0, client)

    return answer
