"""Validators whose messages tell the author of a module what to write instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import Attribute

Validator = Callable[[object, "Attribute[Any]", Any], None]


def frozen_list(value: Any) -> Any:
    """Return a list as a tuple, so that nobody changes it later; a converter of attrs."""
    return tuple(value) if isinstance(value, list) else value


def takes(*kinds: type | None) -> Validator:
    """Return a validator for values of these types; ``None`` stands for itself."""
    types = tuple(type(None) if kind is None else kind for kind in kinds)
    wanted = _named(kinds)

    def validate(_owner: object, attribute: Attribute[Any], value: Any) -> None:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            message = f"'{attribute.name}' takes {wanted}, not {value!r}"
            raise TypeError(message)

    return validate


def takes_many(kind: type, *, of: str) -> Validator:
    """Return a validator for a list or tuple of ``kind``; ``of`` names what each is."""

    def validate(_owner: object, attribute: Attribute[Any], value: Any) -> None:
        wrong = [one for one in value if not isinstance(one, kind)] if _is_many(value) else [value]
        if wrong:
            message = f"'{attribute.name}' takes a list of {of} ({kind.__name__}), not {wrong[0]!r}"
            raise TypeError(message)

    return validate


def takes_table(*kinds: type) -> Validator:
    """Return a validator for a mapping from text to values of these types."""

    def validate(_owner: object, attribute: Attribute[Any], value: Any) -> None:
        if not isinstance(value, Mapping):
            message = f"'{attribute.name}' takes a mapping, not {value!r}"
            raise TypeError(message)
        for key, member in value.items():
            if not isinstance(key, str) or not isinstance(member, kinds):
                wanted = _named(kinds)
                message = f"'{attribute.name}' maps text to {wanted}, not {key!r} to {member!r}"
                raise TypeError(message)

    return validate


def not_negative(_owner: object, attribute: Attribute[Any], value: float) -> None:
    """Refuse a negative number, and one that is no number of seconds."""
    if not (0 <= value < math.inf):
        message = f"'{attribute.name}' takes seconds from 0 on, not {value!r}"
        raise ValueError(message)


def unless_none(validator: Validator) -> Validator:
    """Return a validator that lets ``None`` pass."""

    def validate(owner: object, attribute: Attribute[Any], value: Any) -> None:
        if value is not None:
            validator(owner, attribute, value)

    return validate


def _named(kinds: Sequence[type | None]) -> str:
    """Return the names of ``kinds``, without those that nobody writes."""
    names = ["None" if kind is None else kind.__name__ for kind in kinds]
    return " or ".join(name for name in names if not name.startswith("_"))


def _is_many(value: object) -> bool:
    return isinstance(value, (list, tuple))
