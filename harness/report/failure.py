"""What a red cell says: expected against seen, then all the evidence, then how to run it again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pprint import pformat
from typing import Any, Final

from harness.codex.binary import Codex
from harness.declare.modules import Declared
from harness.judge.ending import bad_ending
from harness.judge.judge import COUNTS, Difference, holds
from harness.judge.rot import Rot
from harness.report.source import entry
from harness.results import Verdict
from harness.seen.journal import Journal
from harness.suite.stages import Evidence

WIDTH: Final = 96
MESSAGE_LIMIT: Final = 400
"""Characters of a JSON-RPC message that are shown."""

BRIEF: Final = 40
"""Characters of a value that are shown where all that differs stands on a line."""

NOISE: Final = ("item/", "thread/", "configWarning", "remoteControl/", "warning")
"""Notifications that say nothing of auth."""

LAST: Final = 3
"""How many messages at the end of a hang or a crash are shown whatever they say."""


class Deviates(Exception):  # noqa: N818 - Codex deviates; the harness is in order
    """Codex did something else than expected, or no longer deviates as it was said to."""

    def __init__(self, differences: Sequence[Difference], rot: Rot | None = None) -> None:
        """Hold the differences, and the deviation that does not happen."""
        super().__init__(", ".join(difference.name for difference in differences) or str(rot))
        self.differences = tuple(differences)
        self.rot = rot

    @property
    def verdict(self) -> Verdict:
        """What that comes to."""
        return bad_ending(self.differences) or "failed"


def describe(  # noqa: PLR0913 - each is a section
    deviates: Deviates,
    evidence: Evidence,
    *,
    declared: Declared,
    probe: str,
    codex: Codex,
    again: str,
) -> str:
    """Return the text of a red cell."""
    first_line = declared.description.partition("\n")[0]
    verdict = deviates.verdict
    loud = "" if verdict == "failed" else f"{verdict.upper()}: "
    sections = {
        f"{loud}{declared.id}: {probe} (Codex {codex.version})": [
            first_line,
            *_elsewhere(evidence),
            "",
        ],
        "": _what(deviates, probe),
        "if that is right there, say so in the scenario": []
        if deviates.rot
        else entry(probe, deviates.differences, codex.release),
        **({"how Codex ended": list(evidence.endings)} if loud else {}),
        "JSON-RPC (--> to Codex, <-- from Codex)": _transcript(evidence, last=LAST if loud else 0),
        "requests to the backend": journal_lines(evidence.journal),
        "standard error" if evidence.transcript else "terminal": evidence.stderr.splitlines(),
        "run this cell again": [again],
    }
    # Pytest's summary repeats the first line.
    lines = [loud + _in_short(deviates)]
    for title, body in sections.items():
        lines += ["", f"--- {title} ---"] if title else []
        lines += body or ["(none)"]
    return "\n".join(lines).strip()


def _elsewhere(evidence: Evidence) -> list[str]:
    if not evidence.seen_in:
        return []
    return [f"(seen in {evidence.seen_in}: Codex asked for nothing that tells it from this state)"]


def _in_short(deviates: Deviates) -> str:
    """Return what differs on a line."""
    if deviates.rot:
        return str(deviates.rot).partition("\n")[0]
    shown = {
        one.name: [_cut(repr(value), BRIEF) for value in (one.expected, one.seen)]
        for one in deviates.differences
    }
    return "; ".join(
        f"{name}: expected {expected}, seen {seen}" for name, (expected, seen) in shown.items()
    )


def _what(deviates: Deviates, probe: str) -> list[str]:
    if deviates.rot:
        return str(deviates.rot).splitlines()
    return [line for one in deviates.differences for line in difference_lines(probe, one)]


def difference_lines(probe: str, difference: Difference) -> list[str]:
    """Return what was expected of a field of ``probe``, and what was seen."""
    if isinstance(difference.expected, Mapping) and isinstance(difference.seen, Mapping):
        members = _counts if difference.field == COUNTS else _members
        return [f"{probe}.{difference.name}:", *members(difference.expected, difference.seen)]
    return [
        f"{probe}.{difference.name}:",
        *_value("expected", difference.expected),
        *_value("seen", difference.seen),
    ]


def _counts(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    """Return a line for each endpoint, as ``_members`` does; one that is not named counts 0."""
    endpoints = sorted({*expected, *seen})
    wanted = {endpoint: expected.get(endpoint, 0) for endpoint in endpoints}
    return _members(wanted, {endpoint: seen.get(endpoint, 0) for endpoint in endpoints})


def _members(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    """Return a line for each member, as in a diff: ``-`` expected, ``+`` seen, or as it may be."""
    lines = []
    for name in dict.fromkeys([*expected, *seen]):
        if name not in expected or (name in seen and holds(expected[name], seen[name])):
            lines.append(f"    {name}: {seen[name]!r}")
            continue
        lines.append(f"  - {name}: {expected[name]!r}")
        lines += [f"  + {name}: {seen[name]!r}"] if name in seen else []
    return lines


def _value(title: str, value: Any) -> list[str]:
    first, *rest = pformat(value, width=WIDTH - 14, sort_dicts=False).splitlines()
    return [f"    {title + ':':<10}{first}", *(f"{'':<14}{line}" for line in rest)]


def _transcript(evidence: Evidence, *, last: int) -> list[str]:
    """Return a line for each message but noise, the ``last`` ones whatever they are."""
    arrows = {"host": "-->", "codex": "<--"}
    ends = len(evidence.transcript) - last
    return [
        f"{line.at:8.3f} {arrows[line.sender]} {_short(line.message)}"
        for number, line in enumerate(evidence.transcript)
        if number >= ends or not _is_noise(line.message)
    ]


def _is_noise(message: Any) -> bool:
    if not isinstance(message, dict) or "id" in message:
        return False
    return str(message.get("method", "")).startswith(NOISE)


def journal_lines(journal: Journal) -> list[str]:
    """Return a line for each request, with the body of those that are about tokens."""
    return [
        f"{request.at:8.3f} {request.endpoint} -> {request.status or 'dropped'}"
        f"  bearer {request.bearer or 'none'}, account {request.account_id or 'none'}"
        + (f"\n{'':9}{_short(request.body)}" if _is_oauth(request.path) else "")
        for request in journal
    ]


def _is_oauth(path: str) -> bool:
    return path.startswith("/oauth/")


def _short(message: Any) -> str:
    text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    return _cut(text, MESSAGE_LIMIT)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
