"""``observe``: what Codex does in a state, as data and as the expectation to paste."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from harness.codex.binary import Codex
from harness.declare.chosen import Chosen
from harness.declare.modules import Declared
from harness.drift.behaviour import Say
from harness.judge.implied import expected
from harness.judge.judge import Difference, judge
from harness.reaper import Run
from harness.report.source import expectation
from harness.results import as_json
from harness.seen.records import Record
from harness.suite.preparations import Preparations
from harness.suite.stages import observe as observe_stage
from harness.suite.stages import record_of, stages_of
from harness.world.network import leave_network

Surprises = Mapping[str, Sequence[Difference]]
"""What was seen otherwise than is expected, by probe."""


def say_all(chosen: Chosen, codex: Codex, say: Say) -> None:
    """Run scenarios and say all that was seen, a line of JSON for each probe."""
    leave_network()
    for declared in chosen.scenarios:
        for probe, record in _observed(declared, codex, chosen.probe):
            line = {"scenario": declared.id, "probe": probe, "release": codex.version}
            say(json.dumps({**line, "seen": as_json(record)}, ensure_ascii=False))


def say_surprises(chosen: Chosen, codex: Codex, say: Say) -> Mapping[str, Surprises]:
    """Run scenarios and say what was seen where that is not what is expected.

    Args:
        chosen: which, and which of their probes.
        codex: what to run them on.
        say: takes what is said, line by line: the expectation to paste.

    Returns:
        What was seen otherwise, by the id of the scenario.
    """
    leave_network()
    surprises = {}
    for declared in chosen.scenarios:
        seen = dict(_observed(declared, codex, chosen.probe))
        wanted = expected(declared.scenario, codex.release)
        found = {probe: judge(getattr(wanted, probe), record) for probe, record in seen.items()}
        different = {probe: differing for probe, differing in found.items() if differing}
        say(f"# {declared.id} on Codex {codex.version}: " + _summary(len(seen), len(different)))
        if different:
            say(f"expect={expectation(different)},")
        surprises[declared.id] = different
    return surprises


def _summary(probes: int, different: int) -> str:
    if not different:
        return f"{probes} probes saw what is expected"
    return f"{different} of {probes} probes saw something else; what they saw:"


def _observed(declared: Declared, codex: Codex, probe: str) -> Iterator[tuple[str, Record]]:
    with Run() as run:
        root = run.directory
        prepared = Preparations(root).of(codex)
        stages = [
            stage for stage in stages_of(declared.scenario) if not probe or probe in stage.probes
        ]
        with ThreadPoolExecutor(max(1, len(stages))) as pool:
            observations = pool.map(
                lambda stage: observe_stage(
                    stage,
                    declared.scenario,
                    codex,
                    prepared,
                    root=root,
                ),
                stages,
            )
        seen = list(zip(stages, observations, strict=True))
        for name in dict.fromkeys(name for stage in stages for name in stage.probes):
            if probe in ("", name):
                yield name, record_of(name, [one for stage, one in seen if name in stage.probes])
