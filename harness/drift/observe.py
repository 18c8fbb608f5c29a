"""``observe``: what Codex does in a state, as data and as the expectation to paste."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.codex.binary import Codex
from harness.declare.modules import Declared, load_module
from harness.drift.questions import Question
from harness.judge.implied import expected
from harness.judge.judge import judge
from harness.namespaces import gain_privileges
from harness.report.source import expectation
from harness.results import as_json
from harness.seen.records import Record
from harness.suite.preparations import Preparations
from harness.suite.stages import observe as observe_stage
from harness.suite.stages import record_of, stages_of
from harness.world.network import leave_network

Say = Callable[[str], None]


def observe(text: str, codex: Codex, say: Say, *, data: bool = False) -> int:
    """Run a scenario and say what was seen where that is not what is expected.

    Args:
        text: a scenario, or one probe of it: ``expired::turn``.
        codex: what to run it on.
        say: takes what is said, line by line.
        data: say everything that was seen, as JSON lines, instead.

    Returns:
        How many probes saw something else than is expected.
    """
    question = Question.parse(text)
    gain_privileges()
    leave_network()
    surprises = 0
    for declared in load_module(question.module):
        if question.scenario not in (declared.id, declared.name):
            continue
        seen = dict(_observed(declared, codex, question.probe))
        if data:
            for probe, record in seen.items():
                line = {"scenario": declared.id, "probe": probe, "release": codex.version}
                say(json.dumps({**line, "seen": as_json(record)}, ensure_ascii=False))
            continue
        wanted = expected(declared.scenario, codex.release)
        differences = {
            probe: judge(getattr(wanted, probe), record) for probe, record in seen.items()
        }
        different = {probe: found for probe, found in differences.items() if found}
        surprises += len(different)
        say(f"# {declared.id} on Codex {codex.version}: " + _summary(len(seen), len(different)))
        if different:
            say(f"expect={expectation(different)},")
    return surprises


def _summary(probes: int, different: int) -> str:
    if not different:
        return f"{probes} probes saw what is expected"
    return f"{different} of {probes} probes saw something else; what they saw:"


def _observed(declared: Declared, codex: Codex, probe: str) -> Iterator[tuple[str, Record]]:
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-observe-") as directory:
        root = Path(directory).resolve()
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
