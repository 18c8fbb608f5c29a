"""The language of scenarios as a document: every word with its fields, types and docstring."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final, get_args, get_origin

import attrs

import harness
from harness.declare import do
from harness.declare.auth import NOT_GIVEN
from harness.report.markdown import code, table
from harness.report.source import declared
from harness.seen.records import UNSET

SECTIONS: Final[Mapping[str, Sequence[str]]] = {
    "A scenario": ["harness.declare.scenario"],
    "What lies in the home": ["harness.declare.auth", "harness.declare.tokens"],
    "How the home lies on the disk": ["harness.declare.layout"],
    "How the world answers": ["harness.declare.answers"],
    "The host": ["harness.declare.host"],
    "The story": ["harness.declare.do"],
    "What must be seen": ["harness.seen.records", "harness.seen.said"],
    "Releases": ["harness.declare.releases"],
}
"""The parts of the document, and the modules whose words stand in each."""

OF_PYTHON: Final = ("UTC", "datetime", "timedelta")
"""Words that scenarios need, and Python explains."""

ARGUMENT: Final = re.compile(r"^    (\w+(?:, \w+)*): (.+(?:\n        .+)*)", re.MULTILINE)
"""An argument, or several with one meaning, below ``Args:``."""


def language() -> Iterator[str]:
    """Yield the blocks of the document."""
    yield "# The language of scenarios"
    yield (
        "Everything is imported from `harness`, immutable, and takes keyword arguments.\n"
        "A mistake in a module is one message with file, line, field and fix;\n"
        "the other scenarios still run, and the exit code is not 0.\n"
        "What is not declared follows from what is: a state in which Codex should simply work\n"
        "needs no expectation at all."
    )
    for title, names in SECTIONS.items():
        yield f"## {title}"
        for module in map(import_module, names):
            yield _prose(module.__doc__)
            for name in _words(module):
                yield from _word(module, name)


def unexplained() -> Iterator[str]:
    """Yield every word, or field of a word, that has no meaning, each with what to do."""
    words = {name for names in SECTIONS.values() for one in names for name in _words_of(one)}
    for name in harness.__all__:
        value = getattr(harness, name)
        if name not in (*words, *OF_PYTHON) and not inspect.ismodule(value):
            yield f"{name} is in no section of harness/catalogue/language.py; add its module"
        if inspect.isclass(value) and attrs.has(value):
            meanings = _meanings(value)
            for field in attrs.fields(value):
                if field.name not in meanings:
                    yield f"{name} says nothing of {field.name!r}; add it below 'Args:'"


def _words_of(module: str) -> Sequence[str]:
    return _words(import_module(module))


def _words(module: ModuleType) -> Sequence[str]:
    """Return the words that a module defines, in its own order."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    defined: list[str] = []
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            defined.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            defined.append(node.targets[0].id)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            defined.append(node.target.id)
    if module is do:
        return [name for name in defined if _makes_a_step(getattr(do, name))]
    return [name for name in defined if name in harness.__all__]


def _makes_a_step(value: object) -> bool:
    return inspect.isfunction(value) and inspect.signature(value).return_annotation == "Step"


def _word(module: ModuleType, name: str) -> Iterator[str]:
    value: Any = getattr(module, name)
    if inspect.isfunction(value):
        prefix = "do." if module is do else ""
        yield f"### {code(f'{prefix}{name}{_signature(value)}')}"
        yield _prose(value.__doc__)
        if module is do and do.RECORDS.get(name):
            yield f"Its record is {code(do.RECORDS[name].__name__)}."
    elif inspect.isclass(value):
        yield f"### {code(name)}"
        yield _prose(inspect.cleandoc(str(value.__doc__)).partition("\n\nArgs:")[0])
        rows = list(_fields(value))
        if rows:
            yield table(("field", "takes", "by default", "meaning"), rows)
    else:
        yield f"### {code(name)}"
        if get_origin(value) or get_args(value):
            yield f"Any of {', '.join(code(one.__name__) for one in get_args(value))}."
        else:
            yield _prose(_said_of(module, name))


def _fields(kind: Any) -> Iterator[Sequence[str]]:
    meanings = _meanings(kind)
    for field in attrs.fields(kind):
        yield code(field.name), _takes(field), _default(field), meanings.get(field.name, "")


def _takes(field: attrs.Attribute[Any]) -> str:
    """Return the types of a field, which records tell beside their annotation."""
    kinds = field.metadata.get("takes")
    if kinds is None:
        annotation = str(field.type)
        return code(annotation) if annotation != "Any" else ""
    return ", ".join(code(getattr(kind, "__name__", "None")) for kind in kinds)


def _default(field: attrs.Attribute[Any]) -> str:
    default: Any = field.default
    if default is attrs.NOTHING:
        return "(required)"
    value = default.factory() if hasattr(default, "factory") else default
    if value in (UNSET, NOT_GIVEN):
        return ""
    return code(" ".join(declared(value).split()).replace("( ", "(").replace(", )", ")"))


def _meanings(kind: Any) -> Mapping[str, str]:
    """Return what the docstring of a class, or of a base of it, says of each field."""
    meanings: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        _, _, arguments = inspect.cleandoc(one.__doc__ or "").partition("\nArgs:\n")
        for names, text in ARGUMENT.findall(arguments):
            meanings |= dict.fromkeys(names.split(", "), _prose(" ".join(text.split())))
    return meanings


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    parameters = [
        one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()
    ]
    bare = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    return str(bare)


def _said_of(module: ModuleType, name: str) -> str:
    """Return the text behind the assignment of a constant."""
    body = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body
    for node, follows in pairwise(body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if named and isinstance(follows, ast.Expr) and isinstance(follows.value, ast.Constant):
            return str(follows.value.value)
    return ""


def _prose(text: str | None) -> str:
    """Return a docstring as Markdown, its arguments as a list."""
    told, arguments, rest = inspect.cleandoc(text or "").replace("``", "`").partition("\nArgs:\n")
    listed = [
        f"- `{names}`: {' '.join(meaning.split())}"
        for names, meaning in ARGUMENT.findall(rest.partition("\n\n")[0])
    ]
    return "\n".join([told.rstrip(), *([""] if arguments else []), *listed]).strip()
