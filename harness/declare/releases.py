"""What depends on the release of Codex: ranges, deviations from what is right, newer states."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from attrs import Attribute, field, frozen
from packaging.version import Version

from harness.declare.auth import Reading
from harness.declare.checks import takes
from harness.seen.records import PROBES, Expect, fields_of

BOUND = re.compile(r"(>=|<|==)(\d+\.\d+\.\d+)")
KNOWN = Path(__file__).with_name("known_releases.txt")
"""Every stable release of Codex, the oldest first; ``nox -s known`` writes it anew."""


@cache
def known_releases() -> Sequence[Version]:
    """Return every stable release that was published when the list was written."""
    return tuple(map(Version, KNOWN.read_text(encoding="utf-8").split()))


@frozen(slots=False)
class Range:
    """A stretch of releases: ``>=0.147.0,<0.156.0``, ``<0.147.0``, ``>=0.166.0``, ``==0.156.0``."""

    text: str = field(validator=takes(str))

    def __attrs_post_init__(self) -> None:
        """Refuse what is no stretch."""
        bounds = [BOUND.fullmatch(part.strip()) for part in self.text.split(",")]
        signs = [bound[1] for bound in bounds if bound]
        if None in bounds or signs not in ([">="], ["<"], ["=="], [">=", "<"]):
            message = f"{self.text!r} is no range of releases; write '>=0.147.0,<0.156.0'"
            raise ValueError(message)
        low, high = self.ends
        if low and high and low >= high and signs != ["=="]:
            message = f"{self.text!r} holds no release: {low} is not before {high}"
            raise ValueError(message)
        for end in filter(None, (low, high)):
            self._refuse_unpublished(end)

    def _refuse_unpublished(self, end: Version) -> None:
        """Refuse a number between two releases; of what is newer than all of them, nobody knows."""
        known = known_releases()
        after = bisect(known, end)
        if 0 < after < len(known) and known[after - 1] != end:
            message = (
                f"{self.text!r}: Codex {end} was never released; "
                f"next to it are {known[after - 1]} and {known[after]}"
            )
            raise ValueError(message)

    @cached_property
    def ends(self) -> tuple[Version | None, Version | None]:
        """The first release of the range, and the first after it."""
        bounds = dict(BOUND.findall(self.text))
        low, high = bounds.get(">=", bounds.get("==")), bounds.get("<", bounds.get("=="))
        return low and Version(low), high and Version(high)

    def __contains__(self, release: Version) -> bool:
        """Whether ``release`` lies in the range."""
        low, high = self.ends
        if self.text.startswith("=="):
            return release == low
        return (low is None or release >= low) and (high is None or release < high)

    def overlaps(self, other: Range) -> bool:
        """Whether a release could lie in both."""
        edges = [edge for one in (self, other) for edge in one.ends if edge]
        probes = [*edges, Version("0"), *(Version(f"{edge}.post1") for edge in edges)]
        return any(probe in self and probe in other for probe in probes)


def _as_range(value: Any) -> Any:
    return Range(value) if isinstance(value, str) else value


def _fixture(_deviation: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, Reading):
        message = (
            f"'{attribute.name}' takes a fixture, such as SIGNED_IN or NoAuth(), not {value!r}"
        )
        raise TypeError(message)


@frozen
class Deviation:
    """What a stretch of releases does instead of what is right, or did before that came to be.

    A run fails where a deviation no longer happens, so that none outlives its range.

    Args:
        releases: the range, ``">=0.156.0,<0.160.0"``.
        expect: what is seen there, where it differs from what the scenario expects otherwise.
        taken_for: what Codex takes the state for there, as in ``Scenario``.
        reason: why that is so, for the reader.
        source: where it is told, if it is: a link, or a file of Codex's own.
    """

    releases: Range = field(converter=_as_range, validator=takes(Range))
    expect: Expect = field(factory=Expect, validator=takes(Expect))
    taken_for: Reading | None = field(default=None, kw_only=True, validator=_fixture)
    reason: str = field(kw_only=True, validator=takes(str))
    source: str = field(default="", kw_only=True, validator=takes(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a deviation that says nothing."""
        if not self.reason.strip():
            message = "'reason' must say why these releases deviate"
            raise ValueError(message)
        if not self.taken_for and not _pinned(self.expect):
            message = "'expect' must pin at least one field that deviates, or 'taken_for' be given"
            raise ValueError(message)


@frozen
class Applies:
    """The releases that can have a state at all: ``Applies(">=0.94.0", "external auth is new")``.

    On any other the cells of the scenario are told as not applicable.

    Args:
        releases: the range, ``">=0.94.0"``.
        reason: why no other can have it.
    """

    releases: Range = field(converter=_as_range, validator=takes(Range))
    reason: str = field(validator=takes(str))


EVERY_RELEASE = Applies(">=0.0.0", "every release")

OWN_ISSUER = Applies(">=0.154.0", "older app-servers ask the issuer of OpenAI alone")
"""The releases whose app-server can be told whom to ask when a person logs in."""


OTHER_AGENTS = Applies(">=0.148.0", "older releases know the agents of OpenAI alone, or others")
"""The releases that can be told whom to ask about the identity of an agent."""


def no_overlaps(
    _scenario: object, attribute: Attribute[Any], deviations: Sequence[Deviation]
) -> None:
    """Refuse deviations that pin the same field of a probe for the same release."""
    for one, other in combinations(deviations, 2):
        pinned = _pinned(one.expect) & _pinned(other.expect)
        if one.releases.overlaps(other.releases) and pinned:
            both = f"{one.releases.text!r} and {other.releases.text!r}"
            message = f"'{attribute.name}' overlap: {both} both pin {', '.join(sorted(pinned))}"
            raise ValueError(message)


def _pinned(expect: Expect) -> set[str]:
    """Return every field that is pinned, and of counts every endpoint."""
    names = set()
    for probe in PROBES:
        for name, value in fields_of(getattr(expect, probe)).items():
            parts = value if name == "counts" else [None]
            names |= {f"{probe}.{name}" + (f" of {part}" if part else "") for part in parts}
    return names
