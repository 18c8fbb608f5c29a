"""Which stages two states share: what Codex never asked for cannot have made a difference.

Many states differ from another in one answer of the backend, or of the host, alone. A stage that
did not ask for it sees the same in both, and a Codex is started for it but once.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
from attrs import field, frozen

from harness.codex.binary import Codex
from harness.declare.answers import ENDPOINTS
from harness.declare.modules import Declared
from harness.declare.scenario import Scenario
from harness.suite.stages import Evidence, Observation, Stage
from harness.world.host import REFRESH
from harness.world.world import accounts_of

JUDGED: Final = ("expect", "applies", "deviations", "upstream", "reports", "stages", "lasts")
"""What a scenario says to others than the world: it changes nothing of what Codex does."""

GIVEN: Final = tuple(
    attribute.name
    for attribute in attrs.fields(Scenario)
    if attribute.name not in (*JUDGED, "backend", "host")
)


@frozen
class _Seen:
    """What a stage saw, and all in its scenario that it can have depended on."""

    declared: Declared
    given: Sequence[Any]
    answers: Mapping[str, Any]
    asked: frozenset[str]
    observation: Observation

    def holds_for(self, given: Sequence[Any], answers: Mapping[str, Any]) -> bool:
        """Whether the stage would see the same where this is given, and so answered."""
        return given == self.given and all(
            answers[name] == answer for name, answer in self.answers.items() if name in self.asked
        )


@frozen
class Sharing:
    """The observations of a process, for other scenarios that cannot be told apart by them.

    A story is never shared: what it does is its own.
    """

    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _seen: dict[tuple[Codex, str], list[_Seen]] = field(
        factory=lambda: defaultdict(list), init=False
    )

    def find(self, declared: Declared, stage: Stage, codex: Codex) -> Observation | None:
        """Return what ``stage`` sees of a scenario, if it has been seen of another."""
        scenario = declared.scenario
        given, answers = _given(scenario), _answers(scenario)
        with self._lock:
            known = tuple(self._seen[codex, stage.name])
        for seen in known:
            if seen.holds_for(given, answers):
                evidence = attrs.evolve(
                    seen.observation.evidence,
                    seen_in=seen.declared.id,
                    seconds=0,
                    cpu_seconds=0,
                    processes=0,
                )
                return attrs.evolve(seen.observation, evidence=evidence)
        return None

    def keep(
        self, declared: Declared, stage: Stage, codex: Codex, observation: Observation
    ) -> None:
        """Take note of what ``stage`` has seen of a scenario."""
        scenario = declared.scenario
        if scenario.kind == "story":
            return
        seen = _Seen(
            declared,
            _given(scenario),
            _answers(scenario),
            _asked(observation.evidence),
            observation,
        )
        with self._lock:
            self._seen[codex, stage.name].append(seen)


def _given(scenario: Scenario) -> Sequence[Any]:
    """Return all that Codex is given in a scenario before it asks for anything."""
    host = scenario.host and attrs.evolve(scenario.host, refreshes=())
    declared = (getattr(scenario, name) for name in GIVEN)
    return (*declared, host, accounts_of(scenario))


def _answers(scenario: Scenario) -> Mapping[str, Any]:
    """Return how whatever it may ask for is answered, by what it asks."""
    answers = {name: getattr(scenario.backend, name) for name in ENDPOINTS.values()}
    return answers | {REFRESH: scenario.host and scenario.host.refreshes}


def _asked(evidence: Evidence) -> frozenset[str]:
    """Return what was asked for in a stage."""
    endpoints = (request.endpoint for request in evidence.journal)
    of_host = (
        line.message["method"]
        for line in evidence.transcript
        if line.sender == "codex" and isinstance(line.message, dict) and "method" in line.message
    )
    return frozenset((*(ENDPOINTS.get(endpoint, endpoint) for endpoint in endpoints), *of_host))
