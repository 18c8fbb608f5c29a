"""Writing what was seen into the source of a scenario module, with all else left as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from textwrap import indent
from typing import Final

from attrs import frozen
from packaging.version import Version

import harness
from harness.judge.judge import COUNTS
from harness.report.source import deviation
from harness.seen.records import type_of

WIDTH: Final = 100
STEP: Final = "    "


class RewriteError(Exception):
    """A module that is not written so that it can be changed; the message says where and why."""


@frozen(order=True)
class Correction:
    """What a scenario must expect of a field.

    Args:
        probe: the probe that saw something else.
        field: the field of its record.
        source: what it saw, in Python; of ``counts`` those endpoints alone that differ.
        step, kind: the step of a story that the field is of, and the type of its record.
    """

    probe: str
    field: str
    source: str
    step: str = ""
    kind: str = ""

    @property
    def name(self) -> str:
        """The field, and the step that it is of, as in ``fields_of``."""
        return f"{self.step}.{self.field}" if self.step else self.field

    @property
    def path(self) -> Sequence[tuple[str, str]]:
        """The arguments, each with the type of its record, that lead from ``Expect`` to it."""
        of_probe = (self.probe, type_of(self.probe).__name__)
        return [of_probe, (self.step, self.kind)] if self.step else [of_probe]


def expecting(text: str, variant: str, corrections: Iterable[Correction]) -> str:
    """Return the source ``text`` of a module with ``corrections`` in the ``expect`` of a scenario.

    Args:
        text: the source.
        variant: the key of the scenario in ``scenarios``; ``""`` for the only one.
        corrections: what to expect.

    Raises:
        RewriteError: what would have to be changed is computed, or is not there.
    """
    for correction in corrections:
        text = _Module(text).expecting(variant, correction)
    return _Module(text).importing()


def deviating(text: str, variant: str, corrections: Iterable[Correction], release: Version) -> str:
    """Return the source ``text`` of a module with a deviation that says what ``release`` does.

    Raises:
        RewriteError: as for ``expecting``.
    """
    records: dict[str, list[str]] = {}
    steps: dict[tuple[str, str, str], list[str]] = {}
    for one in corrections:
        told = f"{one.field}={one.source}"
        of_probe = records.setdefault(one.probe, [])
        if one.step:
            steps.setdefault((one.probe, one.step, one.kind), []).append(told)
        else:
            of_probe.append(told)
    for (probe, step, kind), fields in steps.items():
        records[probe].append(f"{step}={_call(kind, fields)}")
    expect = "\n".join(
        f"{probe}={_call(type_of(probe).__name__, fields)}," for probe, fields in records.items()
    )
    source = "\n".join(deviation(f"Expect(\n{indent(expect, STEP)}\n)", release))
    return _Module(_Module(text).with_deviation(variant, source)).importing()


def importing(text: str) -> str:
    """Return the source ``text`` of a module with all of ``harness`` that it names imported."""
    return _Module(text).importing()


def is_shared(text: str, variant: str) -> bool:
    """Whether a scenario is written once for all variants of its module, in a comprehension."""
    module = _Module(text)
    value = module.assigned("scenarios")
    return bool(variant) and isinstance(value, ast.DictComp)


@frozen
class _Module:
    """The source of a module; every change makes another."""

    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def expecting(self, variant: str, correction: Correction) -> str:
        """Return the source with one correction."""
        scenario = self._scenario(variant)
        where, missing = self._keyword(scenario, "expect"), [("expect", "Expect"), *correction.path]
        there = scenario
        while where is not None:
            there = self._called(where, missing.pop(0)[1])
            name = missing[0][0] if missing else correction.field
            where = self._keyword(there, name)
            if not missing:
                break
        if where is None:
            source = f"{correction.field}={correction.source}"
            for name, kind in reversed(missing):
                source = f"{name}={kind}({source})"
            return self._add(there, source)
        changed = correction.source
        if correction.field == COUNTS:
            changed = self._merged(where, changed)
        return self._replace(where, changed)

    def with_deviation(self, variant: str, source: str) -> str:
        """Return the source with one more deviation of a scenario."""
        scenario = self._scenario(variant)
        deviations = self._keyword(scenario, "deviations")
        if deviations is None:
            return self._add(scenario, f"deviations=[\n{indent(source, STEP)},\n]")
        if not isinstance(deviations, ast.List):
            raise self._computed(deviations, "'deviations'", "[Deviation(…)]")
        return self._add(deviations, source)

    def importing(self) -> str:
        """Return the source with all of ``harness`` that it names imported from there."""
        tree = self.tree
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        there = next((node for node in imports if node.module == "harness"), None)
        imported = {alias.name for alias in there.names} if there else set()
        known = {alias.asname or alias.name for node in imports for alias in node.names}
        missing = (named & set(harness.__all__)) - known
        if not missing or "*" in imported or (there and any(alias.asname for alias in there.names)):
            return self.text
        source = _import(imported | missing)
        if there:
            return self._replace(there, source)
        # A module begins with its docstring.
        end = self._span(tree.body[0])[1]
        return self._replace_span(end, end, f"\n\n{source}")

    def assigned(self, name: str) -> ast.expr | None:
        """Return what a name is assigned in the module, the last time."""
        found = None
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign):
                targets = [node.target]
            else:
                continue
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                found = node.value
        return found

    def _scenario(self, variant: str) -> ast.Call:
        value = self.assigned("scenarios" if variant else "scenario")
        if isinstance(value, ast.DictComp):
            value = value.value
        elif variant and isinstance(value, ast.Dict):
            entries = zip(value.keys, value.values, strict=True)
            value = next((one for key, one in entries if _is_constant(key, variant)), None)
        if value is None:
            message = f"the variant {variant!r} is not written as a key of 'scenarios'"
            raise RewriteError(message)
        return self._called(value, "Scenario")

    def _called(self, node: ast.expr, name: str) -> ast.Call:
        """Return ``node`` as a call that names all its arguments.

        Raises:
            RewriteError: it is none.
        """
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == name
            and not node.args
            and all(keyword.arg for keyword in node.keywords)
        ):
            return node
        raise self._computed(node, f"{ast.unparse(node)[:40]!r}", f"{name}(…)")

    def _computed(self, node: ast.expr, what: str, wanted: str) -> RewriteError:
        return RewriteError(f"line {node.lineno}: {what} is not written as {wanted}")

    def _keyword(self, call: ast.Call, name: str) -> ast.expr | None:
        return next((one.value for one in call.keywords if one.arg == name), None)

    def _merged(self, value: ast.expr, source: str) -> str:
        """Return the mapping ``value`` with the members of ``source`` over its own."""
        changes = ast.parse(source, mode="eval").body
        assert isinstance(changes, ast.Dict)
        changed = {ast.unparse(key) for key in changes.keys if key}
        new = [
            f"{ast.unparse(key)}: {ast.unparse(member)}"
            for key, member in zip(changes.keys, changes.values, strict=True)
            if key
        ]
        if not isinstance(value, ast.Dict):
            return _braces([f"**{self._source(value)}", *new])
        kept = [
            f"{self._source(key)}: {self._source(member)}" if key else f"**{self._source(member)}"
            for key, member in zip(value.keys, value.values, strict=True)
            if key is None or ast.unparse(key) not in changed
        ]
        return _braces([*kept, *new])

    def _add(self, node: ast.Call | ast.List, source: str) -> str:
        """Return the text with one more item in a call or a list, laid out in lines if need be."""
        items: Sequence[ast.AST] = node.keywords if isinstance(node, ast.Call) else node.elts
        start, end = self._span(node)
        data = self.text.encode()
        closing = end - 1
        line = data.rfind(b"\n", 0, closing) + 1
        margin = _margin(data[line:].decode())
        if items and data[line:closing].strip() == b"":
            last = self._span(items[-1])[1]
            tail = re.sub(rb"#[^\n]*", b"", data[last:closing])
            comma = b"" if b"," in tail else b","
            new = f"{indent(source, margin + STEP)},\n".encode()
            return (data[:last] + comma + data[last:line] + new + data[line:]).decode()
        sources = [*(self._without_margin(item) for item in items), source]
        opening = data[start : self._span(items[0])[0] if items else closing].decode().rstrip()
        line = data.rfind(b"\n", 0, start) + 1
        margin = _margin(data[line:].decode())
        flat = opening + ", ".join(sources) + data[closing:end].decode()
        rest = data[end:].partition(b"\n")[0]
        if "\n" in flat or len(data[line:start].decode() + flat + rest.decode()) > WIDTH:
            inside = "".join(f"{indent(one, margin + STEP)},\n" for one in sources)
            flat = f"{opening}\n{inside}{margin}{data[closing:end].decode()}"
        return self._replace(node, flat)

    def _replace(self, node: ast.AST, source: str) -> str:
        return self._replace_span(*self._span(node), source)

    def _replace_span(self, start: int, end: int, source: str) -> str:
        data = self.text.encode()
        return (data[:start] + source.encode() + data[end:]).decode()

    def _source(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.text.encode()[start:end].decode()

    def _without_margin(self, node: ast.AST) -> str:
        """Return the source of a node as if the line on which it begins were not indented."""
        data = self.text.encode()
        start = self._span(node)[0]
        margin = _margin(data[data.rfind(b"\n", 0, start) + 1 :].decode())
        return self._source(node).replace(f"\n{margin}", "\n")

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends, in bytes, as ``ast`` counts columns."""
        lines = self.text.encode().splitlines(keepends=True)
        assert isinstance(node, (ast.expr, ast.stmt, ast.keyword))
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        before = sum(map(len, lines[: node.lineno - 1]))
        until = sum(map(len, lines[: node.end_lineno - 1]))
        return before + node.col_offset, until + node.end_col_offset


def _is_constant(key: ast.expr | None, value: str) -> bool:
    return isinstance(key, ast.Constant) and key.value == value


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _call(name: str, arguments: Sequence[str]) -> str:
    flat = f"{name}({', '.join(arguments)})"
    if len(flat) < WIDTH and "\n" not in flat:
        return flat
    return f"{name}(\n" + "".join(f"{indent(one, STEP)},\n" for one in arguments) + ")"


def _braces(members: Sequence[str]) -> str:
    return "{" + ", ".join(members) + "}"


def _import(names: Iterable[str]) -> str:
    """Return an import from ``harness``, sorted as ruff does: constants, classes, functions."""
    ordered = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from harness import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return "from harness import (\n" + "".join(f"{STEP}{name},\n" for name in ordered) + ")"
