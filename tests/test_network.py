"""The network of a world: its ports are its own, nothing leaves it, and whoever tries is named."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import asyncio
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import cells, run_suite, write_scenarios

from harness import ApiKeyAuth, Scenario
from harness.codex.app_server import TURN_INPUT, AppServer
from harness.codex.binary import find_codex, pinned_codex
from harness.loop import event_loop, on_loop
from harness.namespaces import cut_off
from harness.seen.names import Names
from harness.world.backend import FakeOpenAI
from harness.world.network import Network, private_network, why_shared
from harness.world.world import World

pytestmark = pytest.mark.skipif(bool(why_shared()), reason=f"no network of its own: {why_shared()}")

DEADLINE = 5
ELSEWHERE = ("192.0.2.1", 443)
ELSEWHERE_IN_IPV6 = ("2001:db8::1", 443)
"""Addresses that are for documentation alone."""


@pytest.fixture
def network() -> Iterator[Network]:
    """Be in a network whose names are looked up at a fake OpenAI."""
    with private_network() as made, _backend(made):
        yield made


def _backend(network: Network) -> FakeOpenAI:
    return FakeOpenAI(
        Scenario().backend, claims=None, workspaces=(), names=Names(), network=network
    )


@pytest.mark.parametrize(
    ("address", "named"),
    [(ELSEWHERE, "TCP 192.0.2.1:443"), (ELSEWHERE_IN_IPV6, "TCP [2001:db8::1]:443")],
)
def test_connection_to_another_machine_is_refused_and_named(
    address: tuple[str, int], named: str
) -> None:
    """At once, and once."""
    with private_network() as network:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, DEADLINE)

        assert (named,) == network.attempts()


def test_datagram_to_another_machine_is_named() -> None:
    """Whatever it is; one to this machine is nobody's business."""
    with private_network() as network, socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        any_socket.sendto(b"what time is it?", ("192.0.2.1", 123))
        any_socket.sendto(b"what time is it?", ("127.0.0.1", 123))

        assert ("UDP 192.0.2.1:123",) == network.attempts()


def test_name_is_looked_up_in_vain_and_named() -> None:
    """Through the name server that the machine has; the answer comes at once."""
    with private_network() as network, _backend(network) as backend:
        with pytest.raises(socket.gaierror):
            socket.create_connection(("telemetry.example.com", 443), DEADLINE)

        assert {"LOOKUP telemetry.example.com"} == set(backend.journal.attempts.counts)


def test_own_name_is_no_other_machine() -> None:
    """Whether the machine can tell its own address or not."""
    query = struct.pack("!6H", 1, 0x100, 1, 0, 0, 0)
    name = socket.gethostname().partition(".")[0].encode()
    asked = bytes([len(name)]) + name + bytes(1) + struct.pack("!2H", 1, 1)
    with private_network() as network, socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        any_socket.sendto(query + asked, ("192.0.2.53", 53))

        assert () == network.attempts()


@pytest.mark.parametrize("server", ["127.0.0.53", "192.0.2.53"])
def test_answer_of_the_name_server_comes_from_where_it_was_asked(
    network: Network, server: str
) -> None:
    """Or a resolver would not take it."""
    assert network.is_private
    query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x04name\0\0\x01\0\x01"
    with socket.socket(type=socket.SOCK_DGRAM) as resolver:
        resolver.settimeout(DEADLINE)
        resolver.connect((server, 53))
        resolver.send(query)

        assert query[:2] + b"\x81\x83" == resolver.recv(512)[:4]


def test_network_is_lent_again_and_has_forgotten_all() -> None:
    """Whoever has it next sees nothing of what was sent before."""
    with private_network() as first, socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        any_socket.sendto(b"what time is it?", ("192.0.2.1", 123))
    with private_network() as second:
        assert second is first
        assert second.attempts() == ()


def test_name_that_is_forgotten_before_it_is_answered_holds_nothing_up() -> None:
    """The loop may come to it only when it is gone."""
    with private_network() as network, socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        any_socket.sendto(bytes(12), ("192.0.2.53", 53))
    answers = [threading.Thread(target=one, daemon=True) for one in network.services.values()]
    for answer in answers:
        answer.start()
        answer.join(DEADLINE)

    assert not any(answer.is_alive() for answer in answers)


def test_network_that_somebody_is_still_in_is_not_lent_again() -> None:
    """Nor one that a world has left by an exception."""
    with private_network() as first:
        first.abandon()
    with pytest.raises(KeyError), private_network() as second:
        raise KeyError
    with private_network() as third:
        assert len({id(first), id(second), id(third)}) == 3


def test_abandoned_network_stays_until_its_backend_has_ended() -> None:
    """The loop may be busy when both are left."""
    is_free = threading.Event()
    with private_network() as network, _backend(network) as backend:
        network.abandon()
        event_loop().call_soon_threadsafe(is_free.wait)
    is_free.set()
    on_loop(asyncio.sleep(0))

    assert backend._closing.is_set()


def test_ports_are_its_own() -> None:
    """So that two worlds may have the port of logins at the same time."""
    with private_network(), socket.create_server(("127.0.0.1", 1455)):
        cut_off(_listen_in_a_network_of_its_own)


def _listen_in_a_network_of_its_own() -> None:
    with private_network():
        socket.create_server(("127.0.0.1", 1455)).close()


def test_processes_have_no_privileges_there(network: Network) -> None:
    """Those that a run gained for itself, it keeps; root has its own."""
    assert network.is_private
    asked = subprocess.run(
        ["/bin/grep", "CapAmb", "/proc/self/status"], capture_output=True, text=True, check=True
    )

    assert "CapAmb:\t0000000000000000\n" == asked.stdout


def test_codex_in_its_default_configuration_is_named(tmp_path: Path) -> None:
    """Without a proxy and without a word of the fake it turns to OpenAI, and comes to nothing."""
    with World(Scenario(auth=ApiKeyAuth()), find_codex(), root=tmp_path) as world:
        (world.home / "config.toml").write_text("")
        env = {"CODEX_HOME": str(world.home), "HOME": str(world.path / "user"), "PATH": "/nowhere"}
        argv = [str(world.codex.path), "app-server"]
        with AppServer(argv, env=env, cwd=world.path, stderr=world.path / "stderr") as server:
            server.initialize()
            thread = server.request("thread/start", {})["result"]["thread"]["id"]
            server.request("turn/start", {"threadId": thread, "input": TURN_INPUT})
            server.notification("error")
        tried = set(world.backend.journal.attempts.counts)

    assert {"LOOKUP chatgpt.com", "LOOKUP api.openai.com"} <= tried


DIRECT = {
    "no_auth": '''
        """Signed out."""
        from harness import Scenario
        scenario = Scenario(stages=["session", "cli"])
    '''.replace("\n        ", "\n")
}


def test_attempt_beside_the_proxy_fails_the_cell(tmp_path: Path) -> None:
    """A Codex that cares for no proxy is red, and whom it wanted stands in the failure."""
    codex = tmp_path / "codex"
    codex.write_text(
        f"#!{sys.executable}\n"
        "import contextlib, os, socket, sys\n"
        "with contextlib.suppress(OSError):\n"
        "    socket.create_connection(('telemetry.example.com', 443))\n"
        f"os.execv({str(pinned_codex())!r}, sys.argv)\n"
    )
    codex.chmod(0o755)
    directory = write_scenarios(tmp_path / "project", DIRECT)

    outcome = run_suite("-n", "0", "--codex", codex, "scenarios", cwd=directory)

    assert cells("no_auth", ["requests", "cli_status", "cli_logout"]) == outcome.failed
    assert "LOOKUP telemetry.example.com" in outcome.text


def test_machine_without_namespaces_says_so_once(tmp_path: Path) -> None:
    """Then the proxy alone guards a run, and sees who tries to leave."""
    directory = write_scenarios(tmp_path / "project", DIRECT)
    (directory / "conftest.py").write_text(
        "from harness.world import network\n"
        "from harness.plugin import reporting\n"
        "network.why_shared = reporting.why_shared = lambda: 'not today'\n"
    )

    outcome = run_suite("-n", "2", "-k", "read", "scenarios", cwd=directory)

    assert 0 == outcome.exit_code
    assert 1 == outcome.text.count("there is no network for each Codex (not today)")
