"""A scenario in the open: what it puts where, what is answered, what is expected of Codex."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from textwrap import indent
from typing import Any, Final

from harness.codex.binary import Codex
from harness.declare import do
from harness.declare.answers import ENDPOINTS, HEALTHY, Backend
from harness.declare.modules import Declared
from harness.declare.releases import EVERY_RELEASE, Deviation
from harness.declare.scenario import Scenario
from harness.declare.tokens import TokenError, decode_jwt
from harness.judge.implied import expected
from harness.report.source import declared as as_declared
from harness.results import as_json
from harness.seen.records import PROBES, Expect, fields_of
from harness.world.world import World

Say = Callable[[str], None]

MARGIN: Final = "    "
SAID: Final = "*"
"""Marks what the scenario says itself; all else follows from it."""


def explain(declared: Declared, codex: Codex, say: Say) -> None:
    """Say what a scenario consists of, tokens by name, and what is expected of ``codex`` in it.

    The state is written as for a run, into a temporary directory, but no Codex is started.
    What the module itself says of the host, the story and the answers stands there as it says it.

    Raises:
        ConfinementError: this machine cannot give Codex what the scenario wants around it.
    """
    scenario = declared.scenario
    with World(scenario, codex) as world:
        sections = {
            "the files, below /world": _files(world),
            "the tokens in them": _tokens(world),
            f"the environment ({SAID} by the scenario itself)": [
                f"{SAID if name in scenario.env else ' '} {name}={world.names.redact(text)}"
                for name, text in world.environment.items()
            ],
            "the backend": _backend(scenario.backend),
            "the host": _host(scenario),
            "the story": _story(scenario.story),
            f"expected on Codex {codex.version} ({SAID} by the scenario itself)": _expected(
                scenario, codex
            ),
            "releases that deviate": _deviations(scenario.deviations),
            "see also": [*scenario.reports, *_upstream(scenario)],
        }
        say(f"{declared.id}  {declared.path}\n\n{declared.description}")
        if scenario.applies != EVERY_RELEASE:
            say(f"\nOnly on {scenario.applies.releases.text}: {scenario.applies.reason}")
        for title, lines in sections.items():
            text = world.names.redact("\n".join(lines))
            if text:
                say(f"\n--- {title} ---\n{text}")


def _files(world: World) -> Iterator[str]:
    """Yield every file that Codex finds, with its mode and what is in it."""
    ours = {world.path / name for name in ("empty", "user", "work")}
    for path in sorted(world.path.rglob("*")):
        if ours.isdisjoint([path, *path.parents]):
            mode = stat.S_IMODE(path.lstat().st_mode)
            kind = "/" if path.is_dir() and not path.is_symlink() else ""
            to = f" -> {path.readlink()}" if path.is_symlink() else ""
            yield f"{path.relative_to(world.path)}{kind}  {mode:04o}{to}"
            if path.is_file() and not path.is_symlink():
                yield indent(path.read_bytes().decode(errors="backslashreplace"), MARGIN).rstrip()


def _tokens(world: World) -> Iterator[str]:
    """Yield what the JWTs say, whose signature nobody looks at."""
    for secret, name in world.names.secrets.items():
        try:
            payload = decode_jwt(secret)
        except TokenError:
            continue
        if isinstance(payload.get("exp"), int):
            payload["exp"] = f"{datetime.fromtimestamp(payload['exp'], UTC):%Y-%m-%d %H:%M:%SZ}"
        yield f"{name}: {_shown(payload)}"


def _backend(backend: Backend) -> Iterator[str]:
    asked = {path: getattr(backend, name) for path, name in ENDPOINTS.items()}
    for path, answers in asked.items():
        if answers != HEALTHY:
            yield f"{path}: {as_declared(answers)}"
    if backend.workspaces is not None:
        yield f"workspaces: {as_declared(backend.workspaces)}"
    yield "every other endpoint is healthy" if backend != Backend() else "every endpoint is healthy"


def _host(scenario: Scenario) -> Iterator[str]:
    if scenario.host:
        yield f"signs in with {as_declared(scenario.host.logins)}"
        yield f"answers a request for new tokens with {as_declared(scenario.host.refreshes)}"
        if not scenario.host.experimental_api:
            yield "initializes without the capability experimentalApi"


def _story(story: Iterable[do.Step]) -> Iterator[str]:
    """Yield a line for each step, by its name; steps at once share a number."""
    for number, (named, after) in enumerate(do.in_order(list(story)), start=1):
        for name, step in named.items():
            words = str(getattr(do, step.verb).__doc__).partition("\n")[0].replace("``", "")
            given = ", ".join(
                f"{key}={as_declared(value)}" for key, value in step.given.items() if value
            )
            yield f"{number:>2}. {name}({given})  # {words}"
        if after:
            yield f"{MARGIN}each once the one before has asked {after}"


def _expected(scenario: Scenario, codex: Codex) -> Iterator[str]:
    said = [scenario.expect, *(one.expect for one in scenario.deviations if _holds(one, codex))]
    wanted = expected(scenario, codex.release)
    for probe in scenario.probes:
        own = {name for one in said for name in fields_of(getattr(one, probe))}
        for name, value in fields_of(getattr(wanted, probe)).items():
            yield f"{SAID if name in own else ' '} {probe}.{name}: {_shown(as_json(value))}"


def _holds(deviation: Deviation, codex: Codex) -> bool:
    return codex.release in deviation.releases


def _deviations(deviations: Iterable[Deviation]) -> Iterator[str]:
    for one in deviations:
        yield f"{one.releases.text}: {one.reason}"
        if one.taken_for:
            yield f"{MARGIN}taken for {as_declared(one.taken_for)}"
        for name, value in _pinned(one.expect).items():
            yield f"{MARGIN}{name}: {_shown(as_json(value))}"


def _pinned(expect: Expect) -> Mapping[str, Any]:
    records = {probe: fields_of(getattr(expect, probe)) for probe in PROBES}
    return {
        f"{probe}.{name}": value for probe, told in records.items() for name, value in told.items()
    }


def _upstream(scenario: Scenario) -> Iterator[str]:
    for probe, tests in scenario.upstream.items():
        yield from (f"Codex's own test {test}, by {probe}" for test in tests)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
