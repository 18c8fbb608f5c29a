"""From modules to scenarios. A mistake in a module costs that one alone, with one message."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import re
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import attrs
from attrs import frozen

import harness
from harness.declare.scenario import Scenario
from harness.errors import PlainError

VARIANT: Final = re.compile(r"[A-Za-z0-9_.-]+")


class ModuleError(PlainError):
    """A mistake in a scenario module.

    Args:
        path: the module.
        line: the line of the mistake, from 1.
        text: what is wrong and how to mend it.
    """

    def __init__(self, path: Path, line: int, text: str) -> None:
        """Compose the message, ``path:line: text``."""
        super().__init__(f"{_shown(path)}:{line}: {text}")
        self.path = path
        self.line = line
        self.text = text


@frozen(kw_only=True)
class Declared:
    """A scenario and where it comes from.

    Args:
        name: the name of the module.
        variant: the key in ``scenarios``; empty for a module with one scenario.
        path: the module.
        line: where the module declares it, from 1.
        description: the docstring of the module.
        scenario: the declaration.
        folder: where the module lies below the directory it was looked for in, ``refresh``.
    """

    name: str
    variant: str
    path: Path
    line: int = 1
    description: str
    scenario: Scenario
    folder: str = ""

    @property
    def id(self) -> str:
        """``name`` or ``name[variant]``."""
        return f"{self.name}[{self.variant}]" if self.variant else self.name

    @property
    def full_name(self) -> str:
        """``folder/name[variant]``."""
        return f"{self.folder}/{self.id}" if self.folder else self.id

    @property
    def key(self) -> tuple[Path, str]:
        """What tells it from every other, in whatever directory: the module and the variant."""
        return self.path, self.variant


def module_paths(directory: Path) -> list[Path]:
    """Return the scenario modules in ``directory`` and its folders, sorted by their names.

    Every ``.py`` is one, but for those that begin with an underscore or lie in such a folder.
    """
    found = (path for path in directory.rglob("*.py") if is_module(path))
    inside = (path for path in found if not _is_aside(path.relative_to(directory).parent))
    return sorted(inside, key=lambda path: (path.stem, path))


def find_module(directory: Path, name: str) -> Path:
    """Return the module called ``name`` in ``directory`` and its folders.

    Raises:
        PlainError: there is none; the message names the nearest.
    """
    paths = {path.stem: path for path in reversed(module_paths(directory))}
    if name not in paths:
        message = f"there is no {name}.py in {directory}/{closest(name, paths)}"
        raise PlainError(message)
    return paths[name]


def _is_aside(folder: Path) -> bool:
    return any(part.startswith(("_", ".")) for part in folder.parts)


def is_module(path: Path) -> bool:
    """Whether ``path`` is named as a scenario module is."""
    return path.suffix == ".py" and not path.name.startswith(("_", "test_", "conftest"))


def load_module(path: Path) -> list[Declared]:
    """Return the scenarios that the module at ``path`` declares.

    Raises:
        ModuleError: the module does not parse, does not run, or declares no scenario.
    """
    tree = _parse(path)
    description = ast.get_docstring(tree)
    if not description:
        raise ModuleError(
            path, 1, "no docstring; open the module with one that describes the auth state"
        )
    _refuse_repeated_variants(path, tree)
    module = _run(path, tree)
    lines = _lines(tree)
    return [
        Declared(
            name=path.stem,
            variant=variant,
            path=path,
            line=lines.get(variant, lines.get("", 1)),
            description=description,
            scenario=scenario,
        )
        for variant, scenario in _declarations(path, module).items()
    ]


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        text = f"syntax error: {error.msg}"
        raise ModuleError(path, error.lineno or 1, text) from error
    except (OSError, ValueError) as error:
        raise ModuleError(path, 1, f"cannot be read: {error}") from error


def _run(path: Path, tree: ast.Module) -> ModuleType:
    """Run a module as Python's import does, but out of what was parsed, and leave no bytecode."""
    spec = importlib.util.spec_from_file_location(f"scenarios.{path.stem}", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    try:
        code = compile(tree, str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - that is what a module is for
    except (Exception, SystemExit) as error:
        raise ModuleError(path, _line_of(error, path), _explain(error)) from error
    return module


def _declarations(path: Path, module: ModuleType) -> Mapping[str, Scenario]:
    """Return what a module declares, by variant."""
    one, many = (getattr(module, name, None) for name in ("scenario", "scenarios"))
    if (one is None) == (many is None):
        raise ModuleError(
            path,
            1,
            "declares no scenario; assign one: scenario = Scenario(…), "
            "or several: scenarios = {'variant': Scenario(…)}"
            if one is None
            else "declares both 'scenario' and 'scenarios'; keep one of them",
        )
    if many is None:
        many = {"": one}
    elif not isinstance(many, Mapping) or not many:
        raise ModuleError(
            path, _line_of_name(path, "scenarios"), "'scenarios' takes {'variant': Scenario(…), …}"
        )
    else:
        for variant in many:
            _check_variant(path, variant)
    name = "scenario" if one is not None else "scenarios"
    for scenario in many.values():
        if not isinstance(scenario, Scenario):
            text = f"'{name}' takes Scenario(…), not {scenario!r}"
            raise ModuleError(path, _line_of_name(path, name), text)
    return many


def _check_variant(path: Path, variant: object) -> None:
    if not isinstance(variant, str) or not VARIANT.fullmatch(variant):
        text = f"the variant {variant!r} takes letters, digits, '_', '-' and '.' only"
        raise ModuleError(path, _line_of_name(path, "scenarios"), text)


def _refuse_repeated_variants(path: Path, tree: ast.Module) -> None:
    """Refuse a key that stands twice in ``scenarios``: Python would drop the first in silence."""
    for value in _assigned(tree, "scenarios"):
        keys = [key for key in getattr(value, "keys", []) if isinstance(key, ast.Constant)]
        for index, key in enumerate(keys):
            if key.value in [earlier.value for earlier in keys[:index]]:
                text = f"duplicate id: the variant {key.value!r} is declared twice; rename one"
                raise ModuleError(path, key.lineno, text)


def _lines(tree: ast.Module) -> Mapping[str, int]:
    """Return where each variant is declared; ``""`` stands for the assignment as a whole."""
    lines = {}
    for value in (*_assigned(tree, "scenario"), *_assigned(tree, "scenarios")):
        lines[""] = value.lineno
        keys = [key for key in getattr(value, "keys", []) if isinstance(key, ast.Constant)]
        lines |= {key.value: key.lineno for key in keys if isinstance(key.value, str)}
    return lines


def _assigned(tree: ast.Module, name: str) -> Iterable[ast.expr]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            value = getattr(node, "value", None)
            if value is not None:
                yield value


def _line_of_name(path: Path, name: str) -> int:
    return next((value.lineno for value in _assigned(_parse(path), name)), 1)


def _line_of(error: BaseException, path: Path) -> int:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return (lines[-1] if lines else None) or 1


def _explain(error: BaseException) -> str:
    """Return the message of ``error``, with the name that was probably meant."""
    text = " ".join(str(error).split())
    if not text:
        return f"{type(error).__name__} while the module was loaded"
    unknown = re.search(
        r"(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'", text
    )
    if unknown:
        return _unknown_field(*unknown.groups())
    missing = re.search(r"cannot import name '(\w+)' from 'harness'", text)
    if missing:
        return f"harness has no {missing[1]!r}{closest(missing[1], harness.__all__)}"
    if isinstance(error, NameError) and error.name:
        return f"{text}{closest(error.name, harness.__all__)}"
    return text if isinstance(error, (TypeError, ValueError)) else f"{type(error).__name__}: {text}"


def _unknown_field(owner: str, name: str) -> str:
    kind: Any = getattr(harness, owner, None)
    fields = [attribute.name for attribute in attrs.fields(kind)] if attrs.has(kind) else []
    if owner in {"ChatGptAuth", "signed_in"}:
        fields = [*harness.ChatGptAuth.changes()]
    listed = f" (it takes {', '.join(fields)})" if fields else ""
    return f"{owner} has no field '{name}'{closest(name, fields)}{listed}"


def closest(name: str, known: Iterable[str]) -> str:
    """Return a question behind a message: whether the name in ``known`` nearest to it was meant."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _shown(path: Path) -> str:
    """Return ``path`` as seen from where the user stands, if it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
