"""Deviations that no longer happen: what keeps the ranges in scenarios honest."""

from __future__ import annotations

from attrs import frozen
from packaging.version import Version

from harness.declare.releases import Deviation
from harness.declare.scenario import Scenario
from harness.judge.implied import expected, without_deviations
from harness.judge.judge import judge
from harness.seen.records import Record, fields_of


@frozen
class Rot:
    """A deviation that does not happen, or says nothing.

    Args:
        deviation: the deviation.
        probe: the probe that saw what is right.
        release: the release on which it did.
    """

    deviation: Deviation
    probe: str
    release: Version

    def __str__(self) -> str:
        """Say how to mend it."""
        return (
            f"{self.probe} does what is right in {self.release}: the deviation for "
            f"{self.deviation.releases.text!r} no longer happens.\n"
            f"Close its range before {self.release}, or take {self.probe!r} out of it.\n"
            f"Its reason was: {self.deviation.reason}"
        )


def rotten(scenario: Scenario, probe: str, release: Version, seen: Record) -> Rot | None:
    """Return the deviation of ``probe`` on ``release`` that ``seen`` proves wrong, if one is.

    That is so where ``seen`` would be right without any deviation. One that allows for more than
    what is right, with a matcher, stands as long as it is met.
    """
    pinning = [
        one
        for one in scenario.deviations
        if release in one.releases and (one.taken_for or fields_of(getattr(one.expect, probe)))
    ]
    if not pinning:
        return None
    right = getattr(without_deviations(scenario, release), probe)
    deviating = getattr(expected(scenario, release), probe)
    # By their text, since a matcher equals whatever it matches.
    says_nothing = repr(deviating) == repr(right)
    if judge(right, seen) or (says_nothing and pinning[0].taken_for):
        return None
    tolerates = not says_nothing and not judge(deviating, seen)
    return None if tolerates else Rot(pinning[0], probe, release)
