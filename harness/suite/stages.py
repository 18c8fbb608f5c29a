"""The stages: which probes share a home and a process, and in which order they run.

Codex processes are what a run costs. Probes that only look share one app-server, the turn last;
a probe that changes the state on purpose has a home to itself.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
from attrs import frozen

from harness.codex.app_server import AppServer, Line
from harness.codex.binary import Codex
from harness.codex.command import plain_text
from harness.codex.process import Ending
from harness.codex.protocol import Protocol
from harness.declare.scenario import Scenario
from harness.errors import PlainError
from harness.seen.journal import Journal
from harness.seen.records import (
    CliLogout,
    CliStatus,
    Kind,
    Limits,
    Login,
    NextTurn,
    Read,
    Record,
    Refresh,
    Start,
    Status,
    Turn,
    fields_of,
    redacted,
)
from harness.suite import probes
from harness.suite.story import Telling
from harness.suite.traces import Tracing
from harness.world.world import World, start_app_server, start_command

WIRE: Final = "wire"
"""The probe that holds the messages of every stage against the protocol."""

TRACES: Final = "traces"
"""The probe that looks for what every stage leaves behind."""

OF_ALL_STAGES: Final = (WIRE, TRACES)
"""The probes that all stages have."""


LEAST_ROOM: Final = 1 << 20
"""Bytes that a Codex must have left on the disk, or what it does says nothing about it."""


class HarnessFault(PlainError):  # noqa: N818 - a fault of ours, never a verdict about Codex
    """The fake backend or the harness failed; nothing can be said about Codex."""


@frozen(kw_only=True)
class Evidence:
    """What stands behind the records of a stage, tokens by name.

    Args:
        transcript: the JSON-RPC messages, in order.
        journal: the requests that the backend received, in order.
        stderr: what Codex wrote to standard error.
        before, after: what the home held, as ``Look.told`` tells it.
        seconds: how long the stage took.
        cpu_seconds: the processor time of its Codex processes.
        processes: how many of them it started.
        seen_in: the scenario in which all this was seen, where it was another; ``""``.
        endings: how each of them ended, ``"codex app-server: exit code 0"``.
    """

    transcript: tuple[Line, ...] = ()
    journal: Journal = attrs.field(factory=Journal)
    stderr: str = ""
    before: Mapping[str, Any] = attrs.field(factory=dict)
    after: Mapping[str, Any] = attrs.field(factory=dict)
    seconds: float = 0
    cpu_seconds: float = 0
    processes: int = 0
    seen_in: str = ""
    endings: tuple[str, ...] = ()


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


@frozen(kw_only=True)
class Prepared:
    """What is made once for a Codex.

    Args:
        template: a home that it has initialised, or ``None``: it starts in empty ones.
        protocol: what it may say on the wire, or why that is not known.
    """

    template: Path | None = None
    protocol: Protocol | str = "nobody has asked for the protocol"


def observe(
    stage: Stage,
    scenario: Scenario,
    codex: Codex,
    prepared: Prepared,
    *,
    root: Path | None = None,
) -> Observation:
    """Run ``stage`` of ``scenario`` on ``codex`` in a world of its own.

    Args:
        stage: what is done.
        scenario: the state it is done in.
        codex: what it is done to.
        prepared: what was made before for ``codex``.
        root: as for the world.

    Raises:
        HarnessFault: the fake backend failed while it answered, or the disk is full.
    """
    started = time.monotonic()
    with World(scenario, codex, template=prepared.template, root=root) as world:
        before, tracing = world.look(), Tracing(world)
        observation = stage.run(world)
        after = world.look()
        faults = [*world.backend.faults, *_full_disk(world.path)]
        traces = tracing.record()
        if traces.processes:
            world.network.abandon()
        records = {
            **observation.records,
            WIRE: probes.wire(world, prepared.protocol),
            TRACES: traces,
        }
        # Whatever a probe has left as it was: nothing leaves a world but by name.
        values = [list(fields_of(record).values()) for record in records.values()]
        if world.names.redact_all(values) is not values:
            records = {
                probe: redacted(record, world.names.redact_all) for probe, record in records.items()
            }
    if faults:
        message = "nothing can be said about Codex:\n" + "\n".join(faults)
        raise HarnessFault(message)
    evidence = attrs.evolve(
        observation.evidence,
        before=before.told(world.names, before),
        after=after.told(world.names, before),
        seconds=time.monotonic() - started,
    )
    return Observation(records, evidence)


def _full_disk(path: Path) -> Sequence[str]:
    """Return that there is no room left for what Codex writes, if so."""
    free = shutil.disk_usage(path).free
    return [f"the disk is full: {path} has {free} bytes left"] if free < LEAST_ROOM else []


def record_of(probe: str, observations: Sequence[Observation]) -> Record:
    """Return the record of ``probe`` from the stages that have it: of one, or of all together."""
    records = [observation.records[probe] for observation in observations]
    return probes.in_all_stages(records) if probe in OF_ALL_STAGES else records[0]


Probe = Callable[[AppServer, World], Any]

LOOKING: Final[Mapping[str, tuple[type[Any], Probe]]] = {
    "read": (Read, probes.read),
    "status": (Status, probes.status),
    "limits": (Limits, probes.limits),
    "turn": (Turn, probes.turn),
}
"""The probes that share an app-server, in order, and their records; the turn changes most."""

LOOKING_WITH_HOST: Final[Mapping[str, tuple[type[Any], Probe]]] = {
    "login": (Login, probes.login),
    **LOOKING,
    "next_turn": (NextTurn, probes.next_turn),
}


def _session(world: World) -> Observation:
    return Observation(_look(world, LOOKING), _evidence(world))


def _session_with_host(world: World) -> Observation:
    records = _look(world, LOOKING_WITH_HOST)
    asked = len(world.backend.journal)
    restarted = probes.restart(world)
    # Of what follows, only this says what was meant for another machine.
    counts = {**records["requests"].counts, **world.backend.journal[asked:].attempts.counts}
    requests = attrs.evolve(records["requests"], counts=counts)
    return Observation({**records, "requests": requests, "restart": restarted}, _evidence(world))


def _look(world: World, looking: Mapping[str, tuple[type[Any], Probe]]) -> Mapping[str, Any]:
    before = world.look()
    with start_app_server(world) as server:
        started = probes.start(server, world)
        records: dict[str, Any] = {"start": started}
        for name, (record, probe) in looking.items():
            if started.outcome == "initialized":
                records[name] = probe(server, world)
            else:
                records[name] = probes.not_reached(record, started.outcome)
        ending = server.close()
    records["home"] = probes.home(before, world, ending)
    records["requests"] = probes.requests(world)
    return records


def _refresh(world: World) -> Observation:
    refreshed, _ = _refreshed(world)
    return Observation({"refresh": refreshed}, _evidence(world))


def _refresh_with_host(world: World) -> Observation:
    refreshed, neighbour = _refreshed(world, meanwhile=probes.neighbour)
    return Observation({"refresh": refreshed, "neighbour": neighbour}, _evidence(world))


def _refreshed(
    world: World, meanwhile: Callable[[World], Any] = lambda _: None
) -> tuple[Refresh, Any]:
    """Return what a refresh was, and what is seen then, ``meanwhile`` Codex is still there."""
    before = world.look()
    with _signed_in(world) as (server, started):
        record = probes.refresh(server, world)
        asked = len(world.backend.journal)
        seen = meanwhile(world)
        answered = len(world.backend.journal)
        server.close()
    after, requests = world.look(), world.backend.journal
    others = requests[asked:answered].attempts
    journal = Journal([*requests[:asked], *others, *requests[answered:]])
    record = attrs.evolve(
        _if_reached(record, started),
        auth_json=after.auth_json_since(before),
        auth=after.contents(world.names, before),
        mode=after.mode,
        counts=journal.counts,
        refreshed_with=journal.refreshed_with,
        host=world.host.journal,
    )
    return record, seen


def _logout(world: World) -> Observation:
    before = world.look()
    with _signed_in(world) as (server, started):
        logged_out = probes.logout(server, world)
        server.close()
    journal = world.backend.journal
    record = attrs.evolve(
        _if_reached(logged_out, started),
        auth_json=world.look().auth_json_since(before),
        revoked=journal.revoked,
        refreshed_with=journal.refreshed_with,
        counts=journal.counts,
    )
    return Observation({"logout": record}, _evidence(world))


def _cli(world: World) -> Observation:
    before = world.look()
    asked, text, stream = _command(world, "login", "status")
    between, first = world.look(), world.backend.journal
    status = CliStatus(
        exit_code=asked.exit_code,
        text=text,
        stream=stream,
        auth_json=between.auth_json_since(before),
        counts=first.counts,
    )
    ended, text, stream = _command(world, "logout")
    second = world.backend.journal[len(first) :]
    logout = CliLogout(
        exit_code=ended.exit_code,
        text=text,
        stream=stream,
        auth_json=world.look().auth_json_since(between),
        revoked=second.revoked,
        counts=second.counts,
    )
    evidence = Evidence(
        journal=world.backend.journal,
        stderr=f"$ codex login status\n{status.text}\n$ codex logout\n{logout.text}",
        cpu_seconds=asked.cpu_seconds + ended.cpu_seconds,
        processes=2,
        endings=(f"codex login status: {asked}", f"codex logout: {ended}"),
    )
    return Observation({"cli_status": status, "cli_logout": logout}, evidence)


def _story(world: World) -> Observation:
    with Telling(world) as telling:
        steps = telling.tell(world.scenario.story)
        ending = telling.end()
    records: dict[str, Record] = {
        "story": steps,
        "home": probes.home(telling.written, world, ending),
        "requests": probes.requests(world),
    }
    evidence = _evidence(world)
    return Observation(
        records,
        attrs.evolve(
            evidence,
            stderr="\n".join(filter(None, [evidence.stderr, *telling.printed])),
            cpu_seconds=evidence.cpu_seconds + telling.cpu_seconds,
            processes=evidence.processes + telling.commands,
            endings=(*evidence.endings, *telling.endings),
        ),
    )


STAGES: Final = (
    Stage(
        "session",
        ("start", "read", "status", "limits", "turn", "home", "requests", *OF_ALL_STAGES),
        _session,
    ),
    Stage("refresh", ("refresh", *OF_ALL_STAGES), _refresh),
    Stage("logout", ("logout", *OF_ALL_STAGES), _logout),
    Stage("cli", ("cli_status", "cli_logout", *OF_ALL_STAGES), _cli),
)
"""Every stage of the suite."""

STAGES_WITH_HOST: Final = (
    Stage(
        "session",
        (
            *("start", "login", "read", "status", "limits", "turn", "next_turn"),
            *("home", "requests", "restart", *OF_ALL_STAGES),
        ),
        _session_with_host,
    ),
    Stage("refresh", ("refresh", "neighbour", *OF_ALL_STAGES), _refresh_with_host),
    Stage("logout", ("logout", *OF_ALL_STAGES), _logout),
)
"""Every stage of a scenario with a host; the command line knows nothing of hosts."""


STAGES_OF_A_STORY: Final = (Stage("story", ("story", "home", "requests", *OF_ALL_STAGES), _story),)
"""The only stage of a scenario that tells itself what is done."""

_STAGES: Final[Mapping[Kind, tuple[Stage, ...]]] = {
    "home": STAGES,
    "host": STAGES_WITH_HOST,
    "story": STAGES_OF_A_STORY,
}


def stages_of(scenario: Scenario) -> tuple[Stage, ...]:
    """Return the stages that are run for ``scenario``."""
    stages = _STAGES[scenario.kind]
    return tuple(stage for stage in stages if stage.name in (*scenario.stages, "story"))


@contextmanager
def _signed_in(world: World) -> Iterator[tuple[AppServer, Start]]:
    """Start an app-server, let the host, if there is one, log in; ``Start`` says if that went."""
    with start_app_server(world) as server:
        started = probes.start(server, world)
        if world.scenario.host:
            probes.login(server, world)
        yield server, started


def _if_reached(record: Any, started: Start) -> Any:
    """Return ``record``, or that it could not be tried because Codex did not start."""
    if started.outcome == "initialized":
        return record
    return attrs.evolve(record, error=f"not reached: {started.outcome}")


def _command(world: World, *words: str) -> tuple[Ending, str, str]:
    """Run ``codex`` with ``words``; return how it ended, what it printed, and where."""
    with start_command(world, words) as command:
        ending, text = command.finish()
    return ending, world.names.redact(text), command.stream


def _evidence(world: World) -> Evidence:
    """Return what stands behind the records, of all app-servers of ``world``, which have ended."""
    endings = [server.close() for server in world.servers]
    lines = [line for server in world.servers for line in server.transcript]
    said = [line.message for line in lines]
    messages = world.names.redact_all(said)
    if messages is not said:
        pairs = zip(lines, messages, strict=True)
        lines = [attrs.evolve(line, message=message) for line, message in pairs]
    return Evidence(
        transcript=tuple(lines),
        journal=world.backend.journal,
        stderr=world.names.redact(
            "\n".join(plain_text(server.process.stderr) for server in world.servers)
        ),
        cpu_seconds=sum(ending.cpu_seconds for ending in endings),
        processes=len(endings),
        endings=tuple(f"codex app-server: {ending}" for ending in endings),
    )
