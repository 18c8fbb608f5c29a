"""What was seen, and what is declared, as Python source, ready to be pasted into a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pprint import pformat
from textwrap import indent
from typing import Any, Final

import attrs
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
    records = [_record(probe, differing) for probe, differing in differences.items() if differing]
    return call("Expect", records, lines=True)


def _record(probe: str, differing: Sequence[Difference]) -> str:
    """Return the argument that makes ``Expect`` say what was seen by a probe."""
    fields: dict[tuple[str, str], list[str]] = {}
    for one in differing:
        if one.is_expectable:
            fields.setdefault((one.step, one.kind), []).append(f"{one.field}={source_of(one)}")
    inside = [
        call(kind, told, name=step) if step else told for (step, kind), told in fields.items()
    ]
    flat = [
        one for several in inside for one in ([several] if isinstance(several, str) else several)
    ]
    return call(type_of(probe).__name__, flat, name=probe)


def call(kind: str, arguments: Sequence[str], *, name: str = "", lines: bool = False) -> str:
    """Return a call with these arguments, on one line if it fits and ``lines`` does not forbid it.

    ``name``: of the argument that the call is.
    """
    prefix = f"{name}=" if name else ""
    return prefix + kind + _within("()", arguments, width=WIDTH - len(prefix + kind), lines=lines)


def _within(brackets: str, items: Sequence[str], *, width: int = WIDTH, lines: bool = False) -> str:
    """Return ``items`` in ``brackets``, on one line if they fit and ``lines`` is not asked for."""
    opening, closing = brackets[0], brackets[1]
    line = f"{opening}{', '.join(items)}{closing}"
    if not lines and len(line) <= width and "\n" not in line:
        return line
    inside = indent("\n".join(f"{one}," for one in items), "    ")
    return f"{opening}\n{inside}\n{closing}"


def declared(value: Any) -> str:
    """Return a value of the language as a scenario declares it: without what it is by default."""
    if attrs.has(type(value)):
        fields = attrs.fields(type(value))
        sources = {
            "" if one is fields[0] and not one.kw_only else one.name: declared(
                getattr(value, one.name)
            )
            for one in fields
            if getattr(value, one.name) != _default(one)
        }
        arguments = [f"{name}={source}" if name else source for name, source in sources.items()]
        return call(type(value).__name__, arguments)
    if isinstance(value, Mapping):
        return _within("{}", [f"{key!r}: {declared(one)}" for key, one in value.items()])
    if isinstance(value, (list, tuple)):
        return _within("[]", [declared(one) for one in value])
    return repr(value).removeprefix("datetime.")


def _default(attribute: attrs.Attribute[Any]) -> Any:
    default: Any = attribute.default
    return default.factory() if hasattr(default, "factory") else default


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
