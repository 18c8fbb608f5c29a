"""Which scenario claims which test of Codex, and what is wrong about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from harness.declare.modules import Declared
from harness.declare.upstream import LISTED, UpstreamTest


@frozen
class Claim:
    """A scenario says that its probe sees what a test of Codex pins."""

    declared: Declared
    probe: str
    test: str


def claims_of(declared: Iterable[Declared]) -> Sequence[Claim]:
    """Return every claim of these scenarios."""
    return [
        Claim(one, probe, test)
        for one in declared
        for probe, tests in one.scenario.upstream.items()
        for test in tests
    ]


def mistakes(
    claims: Iterable[Claim], tests: Iterable[UpstreamTest], pending: Sequence[str]
) -> Iterator[str]:
    """Say what the list of pending tests gets wrong, and how to mend it."""
    drivable = {test.name: test for test in tests if test.drivable}
    claimed = {claim.test: claim for claim in claims}
    for name, test in drivable.items():
        if name not in claimed and name not in pending:
            yield (
                f"{test.file}: no scenario claims {name}; give upstream={{probe: [{name!r}]}} to "
                f"one that checks the same, or put the name on 'pending' in {LISTED.name}"
            )
    for name, times in Counter(pending).items():
        if name in claimed:
            claim = claimed[name]
            yield (
                f"{LISTED.name}: {name} is on 'pending', but {claim.declared.path}: "
                f"{claim.declared.id}::{claim.probe} claims it; run: nox -s docs"
            )
        elif name not in drivable:
            yield f"{LISTED.name}: {name} is on 'pending', but is no drivable test; take it off"
        elif times > 1:
            yield f"{LISTED.name}: {name} is on 'pending' {times} times; take the others off"


def without_claimed(listed: str, claims: Iterable[Claim]) -> str:
    """Return the text of the list without the pending tests, one a line, that are claimed."""
    claimed = {f'"{claim.test}",' for claim in claims}
    lines = listed.splitlines(keepends=True)
    return "".join(line for line in lines if line.strip() not in claimed)
