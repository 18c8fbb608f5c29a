"""Expectations as Python source, ready to be pasted into a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pprint import pformat
from textwrap import indent
from typing import Any, Final

from packaging.version import Version

from harness.judge.judge import COUNTS, Difference
from harness.seen.records import type_of

WIDTH: Final = 88


def entry(probe: str, differences: Sequence[Difference], release: Version) -> list[str]:
    """Return the deviation that makes a scenario expect what was seen on ``release``."""
    source = "\n".join(deviation(expectation({probe: differences}), release))
    return ["deviations=[", *indent(f"{source},", "    ").splitlines(), "],"]


def deviation(expect: str, release: Version) -> list[str]:
    """Return the deviation of ``release`` that is seen as ``expect`` says, an ``Expect(…)``."""
    return [
        "Deviation(",
        f'    "=={release}",',
        *indent(f"{expect},", "    ").splitlines(),
        '    reason="…",',
        ")",
    ]


def expectation(differences: Mapping[str, Sequence[Difference]]) -> str:
    """Return ``Expect(…)`` with all that was seen otherwise, by probe."""
    records = [
        call(
            type_of(probe).__name__,
            {one.field: told(one) for one in differing if one.is_expectable},
            name=probe,
        )
        for probe, differing in differences.items()
        if differing
    ]
    inside = indent("\n".join(f"{record}," for record in records), "    ")
    return f"Expect(\n{inside}\n)"


def call(kind: str, fields: Mapping[str, Any], *, name: str = "") -> str:
    """Return a call with keyword arguments, on one line if it fits."""
    prefix = f"{name}=" if name else ""
    written = [f"{field}={_literal(value)}" for field, value in fields.items()]
    line = f"{prefix}{kind}({', '.join(written)})"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    inside = indent("\n".join(f"{one}," for one in written), "    ")
    return f"{prefix}{kind}(\n{inside}\n)"


def source_of(difference: Difference) -> str:
    """Return what was seen as Python, as ``told`` has it."""
    return _literal(told(difference))


def told(difference: Difference) -> Any:
    """Return what was seen, as a scenario says it: of counts, only what is different."""
    seen, expected = difference.seen, difference.expected
    if difference.field != COUNTS or not isinstance(expected, Mapping):
        return seen
    names = sorted({*seen, *expected})
    return {name: seen.get(name, 0) for name in names if expected.get(name, 0) != seen.get(name, 0)}


def _literal(value: Any) -> str:
    return pformat(
        list(value) if isinstance(value, tuple) else value, width=WIDTH, sort_dicts=False
    )
