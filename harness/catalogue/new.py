"""A module for a state that is not tried yet, from what differs from a healthy sign-in."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import tomlkit
from attrs import field, frozen
from tomlkit.exceptions import TOMLKitError

import harness
from harness.declare.modules import ModuleError, closest, load_module, module_paths
from harness.errors import PlainError
from harness.report.rewrite import importing
from harness.report.source import call, declared

KINDS: Final[Mapping[str, str]] = {
    "signed-in": "signed_in",
    "api-key": "ApiKeyAuth",
    "personal-access-token": "PersonalAccessToken",
    "none": "NoAuth",
    "host": "Host",
}
"""Who is signed in, and the word of the language that declares it."""

ANSWERS: Final = ("drop", "grant", "rotating", "unauthorized")
"""Answers of the backend that need no arguments."""


@frozen(kw_only=True)
class Wanted:
    """A state, as a person names it on a command line.

    Args:
        description: what it is, in a sentence.
        auth: who is signed in, one of ``KINDS``.
        changes: fields of that which differ, each with Python, or text where it is none.
        answers: endpoints that do not answer as a healthy one does, by their field of ``Backend``:
            a status to refuse with, or Python.
        config: keys of ``config.toml``, dotted, each with TOML, or text where it is none.
        env: environment variables.
    """

    description: str
    auth: str = "signed-in"
    changes: Mapping[str, str] = field(factory=dict)
    answers: Mapping[str, str] = field(factory=dict)
    config: Mapping[str, str] = field(factory=dict)
    env: Mapping[str, str] = field(factory=dict)

    def module(self) -> str:
        """Return the source of the module that declares it."""
        scenario = call(
            "Scenario", [f"{name}={source}" for name, source in self._arguments().items()]
        )
        description = self.description.replace("\\", "\\\\").replace('"', "'")
        return importing(f'"""{description}"""\n\nscenario = {scenario}\n')

    def _arguments(self) -> Mapping[str, str]:
        changes = [f"{name}={_python(text)}" for name, text in self.changes.items()]
        auth = call(KINDS[self.auth], changes)
        arguments = {"host" if self.auth == "host" else "auth": auth}
        if auth == "signed_in()":
            arguments["auth"] = "SIGNED_IN"
        if self.config:
            arguments["config"] = declared(_nested(self.config))
        if self.env:
            arguments["env"] = declared(self.env)
        if self.answers:
            told = [f"{name}={_answer(text)}" for name, text in self.answers.items()]
            arguments["backend"] = call("Backend", told)
        return arguments


def write(directory: Path, name: str, wanted: Wanted) -> Path:
    """Write the module of a state, once it has been seen to load; return its path.

    Args:
        directory: where the scenarios are.
        name: the module, with the folder that it belongs into: ``refresh/my_state``.
        wanted: the state.

    Raises:
        PlainError: there is no such folder, the name is taken or none of a module, or what is
            ``wanted`` is no state; the message says what to give instead.
    """
    name = name.removeprefix(f"{directory}/").removesuffix(".py")
    path = directory / f"{name}.py"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        message = f"{path.stem} names no module; take small letters, digits and '_': my_state"
        raise PlainError(message)
    if not path.parent.is_dir():
        folders = [str(one.relative_to(directory)) for one in directory.iterdir() if one.is_dir()]
        meant = closest(str(path.parent.relative_to(directory)), folders)
        message = f"there is no folder {path.parent}{meant or '; make it first'}"
        raise PlainError(message)
    taken = next((one for one in module_paths(directory) if one.stem == path.stem), None)
    if taken:
        message = f"{taken} has this name; take another, or change that one"
        raise PlainError(message)
    source = wanted.module()
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-new-") as scratch:
        trial = Path(scratch) / path.name
        trial.write_text(source, encoding="utf-8")
        try:
            load_module(trial)
        except ModuleError as error:
            raise PlainError(error.text) from error
    path.write_text(source, encoding="utf-8")
    return path


def _python(text: str) -> str:
    """Return ``text`` as Python: as it is where it names nothing but the language, else quoted."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return repr(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return text if names <= set(harness.__all__) else repr(text)


def _answer(text: str) -> str:
    if re.fullmatch(r"[1-5]\d\d", text):
        return f"refuse({text})"
    return f"{text}()" if text in ANSWERS else _python(text)


def _nested(dotted: Mapping[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, text in dotted.items():
        *tables, key = name.split(".")
        table = nested
        for one in tables:
            table = table.setdefault(one, {})
            if not isinstance(table, dict):
                message = f"--config {name}: {one} has a value and can be no table as well"
                raise PlainError(message)
        table[key] = _toml(text)
    return nested


def _toml(text: str) -> Any:
    try:
        return tomlkit.value(text).unwrap()
    except TOMLKitError:
        return text
