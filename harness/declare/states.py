"""The states by name: the modules that come with the harness, and those of a project's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from harness.declare.modules import Declared, closest, load_module, module_paths
from harness.errors import PlainError

DIRECTORY: Final = "scenarios"
SHOWN: Final = 8
"""How many states a message names."""

PACKAGE: Final = Path(__file__).parents[1]


class StateNotFoundError(PlainError):
    """A name or a folder that means no state; the message says what was meant perhaps."""


def own_scenarios() -> Path:
    """Return the directory of our scenarios: in an installed harness, or beside one in a checkout.

    Raises:
        StateNotFoundError: it is in neither place.
    """
    places = (PACKAGE / DIRECTORY, PACKAGE.parent / DIRECTORY)
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        message = f"the scenarios are neither in {places[0]} nor in {places[1]}; install anew"
        raise StateNotFoundError(message)
    return found


def find_states(patterns: Iterable[str], folders: Sequence[Path] = ()) -> Sequence[Declared]:
    """Return the states that ``patterns`` mean, each once, in the order of the patterns.

    Args:
        patterns: names with or without their folder, ``expired``, ``refresh/expired``,
            ``expired_refresh_dead[reused]``; with wildcards, ``refresh/*``; or paths of modules,
            ``states/mine.py``. A module with variants stands for all of them.
        folders: where modules of a project's own lie; one of them replaces ours of its name.

    Raises:
        StateNotFoundError: a pattern means no state, or a folder is none.
        ModuleError: a mistake in a module.
    """
    modules = _modules(folders)
    found: dict[str, Declared] = {}
    for pattern in map(_Pattern.parse, patterns):
        states = {one.full_name: one for one in _matching(pattern, modules)}
        if not states:
            raise StateNotFoundError(_not_found(pattern, modules))
        found |= states
    return tuple(found.values())


def find_state(name: str, folders: Sequence[Path] = ()) -> Declared:
    """Return the one state that ``name`` means; raises as ``find_states`` does."""
    found = find_states([name], folders)
    if len(found) > 1:
        named = ", ".join(one.full_name for one in found[:SHOWN])
        more = f" and {len(found) - SHOWN} others" if len(found) > SHOWN else ""
        message = f"{name} means several states; name one of {named}{more}"
        raise StateNotFoundError(message)
    return found[0]


@frozen
class _Pattern:
    """A pattern: of the module, with or without its folder, and of the variant."""

    module: str
    variant: str

    @classmethod
    def parse(cls, text: str) -> _Pattern:
        parts = re.fullmatch(r"([^\[]+)\[([^\]]+)\]", text)
        return cls(parts[1], parts[2]) if parts else cls(text, "*")

    @property
    def path(self) -> Path | None:
        """The module, where the pattern is its path."""
        return Path(self.module).absolute() if self.module.endswith(".py") else None


def _modules(folders: Sequence[Path]) -> Mapping[str, Path]:
    """Return the modules by their names, ``refresh/expired``, ours last."""
    found: dict[str, Path] = {}
    for folder in (*folders, own_scenarios()):
        if not folder.is_dir():
            message = f"{folder} is no folder of scenario modules"
            raise StateNotFoundError(message)
        for path in module_paths(folder):
            found.setdefault(path.relative_to(folder).with_suffix("").as_posix(), path)
    return found


def _matching(pattern: _Pattern, modules: Mapping[str, Path]) -> Iterator[Declared]:
    for name, path in _meant(pattern, modules).items():
        for declared in load_module(path):
            if fnmatchcase(declared.variant, pattern.variant):
                yield evolve(declared, folder=name.rpartition("/")[0])


def _meant(pattern: _Pattern, modules: Mapping[str, Path]) -> Mapping[str, Path]:
    """Return the modules that ``pattern`` means, by name."""
    if pattern.path:
        return {pattern.path.stem: pattern.path} if pattern.path.is_file() else {}
    return {
        name: path
        for name, path in modules.items()
        if any(fnmatchcase(one, pattern.module) for one in (name, name.rpartition("/")[2]))
    }


def _not_found(pattern: _Pattern, modules: Mapping[str, Path]) -> str:
    meant = ", ".join(_meant(pattern, modules))
    if meant:
        return f"{meant} has no variant {pattern.variant}"
    known = {*modules, *(name.rpartition("/")[2] for name in modules)}
    return f"there is no state {pattern.module}{closest(pattern.module, sorted(known))}"
