"""The stages: which probes share a home and a process, and in which order they run.

Codex processes are what a run costs. Probes that only look share one app-server, the turn last;
a probe that changes the state on purpose has a home to itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
from attrs import frozen

from harness.codex.app_server import AppServer, Line
from harness.codex.binary import Codex
from harness.codex.process import Ending, Process
from harness.declare.scenario import Scenario
from harness.seen.journal import Journal
from harness.seen.names import Names
from harness.seen.records import CliLogout, CliStatus, Limits, Read, Record, Status, Turn
from harness.suite import probes
from harness.world.world import World, start_app_server

CLI_DEADLINE: Final = 20.0
"""Seconds that a command may take."""


class HarnessFault(Exception):  # noqa: N818 - a fault of ours, never a verdict about Codex
    """The fake backend or the harness failed; nothing can be said about Codex."""


@frozen(kw_only=True)
class Evidence:
    """What stands behind the records of a stage, tokens by name.

    Args:
        transcript: the JSON-RPC messages, in order.
        journal: the requests that the backend received, in order.
        stderr: what Codex wrote to standard error.
        seconds: how long the stage took.
        cpu_seconds: the processor time of its Codex processes.
        processes: how many of them it started.
    """

    transcript: tuple[Line, ...] = ()
    journal: Journal = attrs.field(factory=Journal)
    stderr: str = ""
    seconds: float = 0
    cpu_seconds: float = 0
    processes: int = 0


@frozen
class Observation:
    """What a stage saw: a record for each of its probes, and the evidence."""

    records: Mapping[str, Record]
    evidence: Evidence


@frozen
class Stage:
    """A stage: its name, its probes in the order of the matrix, and how it is run."""

    name: str
    probes: tuple[str, ...]
    run: Callable[[World], Observation]


def observe(
    stage: Stage,
    scenario: Scenario,
    codex: Codex,
    *,
    template: Path | None = None,
    root: Path | None = None,
) -> Observation:
    """Run ``stage`` of ``scenario`` on ``codex`` in a world of its own.

    Raises:
        HarnessFault: the fake backend failed while it answered.
    """
    started = time.monotonic()
    with World(scenario, codex, template=template, root=root) as world:
        observation = stage.run(world)
        faults = world.backend.faults
    if faults:
        message = "the fake backend failed:\n" + "\n".join(faults)
        raise HarnessFault(message)
    seconds = time.monotonic() - started
    return attrs.evolve(observation, evidence=attrs.evolve(observation.evidence, seconds=seconds))


def _session(world: World) -> Observation:
    before = world.look()
    names = world.names
    with start_app_server(world) as server:
        records: dict[str, Any] = {"start": probes.start(server, names)}
        if records["start"].outcome == "initialized":
            records["read"] = probes.read(server, names)
            records["status"] = probes.status(server, names)
            records["limits"] = probes.limits(server, names)
            records["turn"] = probes.turn(server, names, lambda: world.backend.journal)
        else:
            why = records["start"].outcome
            kinds = {"read": Read, "status": Status, "limits": Limits, "turn": Turn}
            records |= {name: probes.not_reached(kind, why) for name, kind in kinds.items()}
        ending = server.close()
    records["home"] = probes.home(before, world.look(), names, ending)
    records["requests"] = probes.requests(world.backend.journal)
    return Observation(records, _evidence(world, server, ending))


def _refresh(world: World) -> Observation:
    before = world.look()
    refreshed, evidence = _one_probe(world, probes.refresh)
    after, journal = world.look(), world.backend.journal
    record = attrs.evolve(
        refreshed,
        auth_json=after.auth_json_since(before),
        auth=after.contents(world.names),
        mode=after.mode,
        counts=journal.counts,
        refreshed_with=journal.refreshed_with,
    )
    return Observation({"refresh": record}, evidence)


def _logout(world: World) -> Observation:
    before = world.look()
    logged_out, evidence = _one_probe(world, probes.logout)
    journal = world.backend.journal
    record = attrs.evolve(
        logged_out,
        auth_json=world.look().auth_json_since(before),
        revoked=journal.revoked,
        refreshed_with=journal.refreshed_with,
        counts=journal.counts,
    )
    return Observation({"logout": record}, evidence)


def _cli(world: World) -> Observation:
    before = world.look()
    asked, text = _command(world, "login", "status")
    between, first = world.look(), world.backend.journal
    status = CliStatus(
        exit_code=asked.exit_code,
        text=text,
        auth_json=between.auth_json_since(before),
        counts=first.counts,
    )
    ended, text = _command(world, "logout")
    second = world.backend.journal[len(first) :]
    logout = CliLogout(
        exit_code=ended.exit_code,
        text=text,
        auth_json=world.look().auth_json_since(between),
        revoked=second.revoked,
        counts=second.counts,
    )
    evidence = Evidence(
        journal=world.backend.journal,
        stderr=f"$ codex login status\n{status.text}\n$ codex logout\n{logout.text}",
        cpu_seconds=asked.cpu_seconds + ended.cpu_seconds,
        processes=2,
    )
    return Observation({"cli_status": status, "cli_logout": logout}, evidence)


STAGES: Final = (
    Stage("session", ("start", "read", "status", "limits", "turn", "home", "requests"), _session),
    Stage("refresh", ("refresh",), _refresh),
    Stage("logout", ("logout",), _logout),
    Stage("cli", ("cli_status", "cli_logout"), _cli),
)
"""Every stage of the suite."""


def _one_probe(world: World, probe: Callable[[AppServer, Names], Any]) -> tuple[Any, Evidence]:
    """Return the record of a probe that has an app-server to itself, and the evidence."""
    with start_app_server(world) as server:
        started = probes.start(server, world.names)
        record = probe(server, world.names)
        ending = server.close()
    if started.outcome != "initialized":
        record = attrs.evolve(record, error=f"not reached: {started.outcome}")
    return record, _evidence(world, server, ending)


def _command(world: World, *words: str) -> tuple[Ending, str]:
    """Run ``codex`` with ``words``; return how it ended and what it printed."""
    stderr = world.path / f"stderr-{words[0]}"
    process = Process(
        [world.codex.path, *words], env=world.environment, cwd=world.path / "work", stderr=stderr
    )
    with process:
        printed, ending = process.read_to_end(CLI_DEADLINE)
    text = probes.plain_text(f"{printed}\n{process.stderr}")
    return ending, world.names.redact(text)


def _evidence(world: World, server: AppServer, ending: Ending) -> Evidence:
    return Evidence(
        transcript=tuple(
            attrs.evolve(line, message=world.names.redact_all(line.message))
            for line in server.transcript
        ),
        journal=world.backend.journal,
        stderr=world.names.redact(probes.plain_text(server.process.stderr)),
        cpu_seconds=ending.cpu_seconds,
        processes=1,
    )
