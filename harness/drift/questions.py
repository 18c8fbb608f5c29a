"""The questions about drift: ``compare``, ``bisect`` and ``history``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from packaging.version import Version

from harness.codex.binary import Codex
from harness.codex.releases import ReleaseError, listed_releases
from harness.codex.schema import account_methods, bundle_of, definitions_of
from harness.codex.store import Store
from harness.declare.modules import find_module
from harness.drift.behaviour import Behaviour, Change, DriftError, Say, changes, observe

DIRECTORY: Final = "scenarios"


@frozen
class Question:
    """A scenario, or one probe of it: ``expired``, ``expired_refresh_dead[reused]::turn``.

    Args:
        scenario: its id; the name of a module with variants stands for them all.
        probe: the probe; ``""``: all of them.
        module: the module of the scenario.
    """

    scenario: str
    probe: str
    module: Path

    @classmethod
    def parse(cls, text: str) -> Question:
        """Return the question that ``text`` asks; a module with variants stands for them all.

        Raises:
            PlainError: there is no such module.
        """
        scenario, _, probe = text.partition("::")
        name, bracket, variant = scenario.partition("[")
        name = Path(name).name.removesuffix(".py")
        return cls(f"{name}{bracket}{variant}", probe, find_module(Path(DIRECTORY), name))

    def of(self, behaviour: Behaviour) -> Behaviour:
        """Return what ``behaviour`` says to it.

        Raises:
            DriftError: there is no such variant or probe.
        """
        said = {
            (scenario, probe): seen
            for (scenario, probe), seen in behaviour.items()
            if self.scenario in (scenario, scenario.partition("[")[0]) and self.probe in ("", probe)
        }
        if not said:
            there = ", ".join(sorted({f"{scenario}::{probe}" for scenario, probe in behaviour}))
            message = f"{self.scenario}::{self.probe} is none of {there}"
            raise DriftError(message)
        return said


def compare(old: str, new: str, arguments: Sequence[str], say: Say) -> int:
    """Say cell by cell what two releases do differently, and how their protocols differ.

    Args:
        old: a word for ``--codex`` that means one Codex.
        new: another.
        arguments: what else pytest is told, such as modules or ``-k`` and an expression.
        say: takes what is said, line by line.

    Returns:
        How many cells differ.
    """
    codexes = Store().resolve([old, new])
    first, second = observe([old, new], arguments).values()
    found = changes(first, second)
    for (scenario, probe), differing in found.items():
        say(f"{scenario}: {probe}")
        for change in differing:
            say(f"    {change}")
    say(f"\n{len(found)} of {len({*first, *second})} cells differ between {old} and {new}")
    for text, cells in _in_common(found).items():
        if len(cells) > 1:
            say(f"  {len(cells):4} x  {text}")
    before, after = (_protocol(codex) for codex in codexes)
    methods = changes(before, after)
    say(f"\n{len(methods)} account methods differ in the protocols of the two")
    for (side, method), several in methods.items():
        for change in several:
            say(f"    {side} {method}: {change}")
    return len(found)


def _protocol(codex: Codex) -> Behaviour:
    methods = account_methods(definitions_of(bundle_of(codex)))
    split = {name: name.partition(" ") for name in methods}
    return {(split[name][0], split[name][2]): told for name, told in methods.items()}


def _in_common(found: Mapping[Any, Iterable[Change]]) -> Mapping[str, Sequence[Any]]:
    """Return the cells of each change, the most frequent change first."""
    cells: dict[str, list[Any]] = {}
    for (scenario, probe), differing in found.items():
        for change in differing:
            cells.setdefault(f"{probe}.{change}", []).append(scenario)
    return dict(sorted(cells.items(), key=lambda item: -len(item[1])))


def bisect(text: str, old: str, new: str, say: Say) -> tuple[Version, Version]:
    """Find the first release that does not do what ``old`` does, in log2 steps.

    Returns:
        The last release that does, and the first that does not.

    Raises:
        DriftError: ``old`` and ``new`` do the same.
    """
    question = Question.parse(text)
    between = [one for one in listed_releases() if Version(old) <= one <= Version(new)]
    if len(between) < len((old, new)) or between[0] != Version(old) or between[-1] != Version(new):
        message = f"{old} and {new} are no two releases, the older first"
        raise DriftError(message)
    ends = observe([old, new], [str(question.module)])
    seen = {Version(release): question.of(said) for release, said in ends.items()}
    if not changes(seen[between[0]], seen[between[-1]]):
        message = f"{old} and {new} do the same in {text}"
        raise DriftError(message)
    same, differs = 0, len(between) - 1
    while differs - same > 1:
        middle = (same + differs) // 2
        release = between[middle]
        if not _is_obtainable(release, say):
            del between[middle]
            differs -= 1
            continue
        (said,) = observe([str(release)], [str(question.module)]).values()
        seen[release] = question.of(said)
        alike = not changes(seen[between[0]], seen[release])
        say(f"{release}: {'like ' + old if alike else 'differs'}")
        same, differs = (middle, differs) if alike else (same, middle)
    say(
        f"\n{between[differs]} is the first that differs; {between[same]} is the last that does not"
    )
    _say_changes(changes(seen[between[same]], seen[between[differs]]), say)
    return between[same], between[differs]


def _is_obtainable(release: Version, say: Say) -> bool:
    """Whether a release can be had for this platform; some were never published for each."""
    try:
        Store().get([release])
    except ReleaseError as error:
        say(f"{release}: left out; {error}")
        return False
    return True


def history(text: str, releases: Sequence[str], say: Say) -> Sequence[Sequence[str]]:
    """Say a line for each stretch of releases that do the same, with what changed at its start.

    Returns:
        The stretches.
    """
    question = Question.parse(text)
    seen = {
        release: question.of(said)
        for release, said in observe(releases, [str(question.module)]).items()
    }
    stretches: list[list[str]] = []
    for release in sorted(seen, key=Version):
        last = stretches[-1][-1] if stretches else None
        differing = changes(seen[last], seen[release]) if last else {}
        if last and not differing:
            stretches[-1].append(release)
        else:
            stretches.append([release])
    for number, stretch in enumerate(stretches):
        say(f"{_span(stretch)}{'' if number else '  as at first'}")
        if number:
            _say_changes(changes(seen[stretches[number - 1][-1]], seen[stretch[0]]), say)
    return stretches


def _span(stretch: Sequence[str]) -> str:
    return stretch[0] if len(stretch) == 1 else f"{stretch[0]} to {stretch[-1]}"


def _say_changes(found: Mapping[tuple[str, str], Sequence[Change]], say: Say) -> None:
    for (scenario, probe), differing in found.items():
        for change in differing:
            say(f"    {scenario}: {probe}.{change}")
