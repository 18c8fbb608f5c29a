"""``sharing``: whether a stage that is run for one scenario hides something of another."""

from __future__ import annotations

from collections.abc import Sequence

from harness.drift.behaviour import Say, changes, run
from harness.drift.soak import cells_of
from harness.reaper import Run
from harness.results import Results


def sharing(arguments: Sequence[str], say: Say) -> int:
    """Run scenarios both ways, without shared stages and with them, and say where they differ.

    What the scenarios leave to chance is no difference.

    Args:
        arguments: what pytest is told, such as modules, ``--codex`` or ``-k`` and an expression.
        say: takes what is said, line by line.

    Returns:
        How many cells differ, of those that were seen in another scenario.

    Raises:
        DriftError: a run did not come to its end, or saw nothing.
    """
    with Run() as around:
        alone = run(around.directory / "alone.jsonl", ["--unshared", *arguments])
        shared = run(around.directory / "shared.jsonl", arguments)
    lent = _lent(shared)
    differing = 0
    after = cells_of(shared)
    for release, before in cells_of(alone).items():
        for (scenario, probe), several in changes(before, after.get(release, {})).items():
            if (release, scenario, probe) in lent:
                differing += 1
                say(f"{scenario}: {probe} (Codex {release})")
                for change in several:
                    say(f"    {change}")
    say(f"{differing} differ of the {len(lent)} cells that were seen in another scenario")
    return differing


def _lent(results: Results) -> frozenset[tuple[str, str, str]]:
    """Return the cells of all stages that were run for another scenario."""
    return frozenset(
        (stage.release, stage.scenario, probe)
        for stage in results.stages
        if stage.seen_in
        for probe in stage.probes
    )
