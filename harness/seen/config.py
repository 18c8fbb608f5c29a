"""How a ``config.toml`` differs from another, in lines that can be written down."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit


def config_told(text: str, ours: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the settings of ``text`` beside ``ours``, in the order of the alphabet.

    A setting is a line of TOML with its dotted name, ``model_provider = "fake"``; one of ``ours``
    that is not there any more is ``no model``. What is no TOML is one line that says so.
    """
    try:
        now = _flat(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return (f"no TOML: {error}",)
    before = _flat(ours)
    set_ = [f"{name} = {value}" for name, value in now.items() if before.get(name) != value]
    return tuple(sorted([*set_, *(f"no {name}" for name in before if name not in now)]))


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = tomlkit.item(value).as_string()
    return flat
