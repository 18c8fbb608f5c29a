"""Tokens by name: what is recorded is stable from run to run, and holds no token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain, count
from typing import Any, Final

from attrs import field, frozen

from harness.seen.canaries import Canaries, parts_of

TELLING_LENGTH: Final = 6

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)

_Replacement = tuple[str, str]
"""A text, and what is said instead of it."""


@frozen
class _Known:
    """What is known of all texts that have a name, in order.

    Args:
        size: of how many names and how many secrets it has been made.
        plain: what is replaced in any text.
        in_json: in the text of JSON.
        canaries: the tokens that are looked for elsewhere.
    """

    size: tuple[int, int] = (0, 0)
    plain: tuple[_Replacement, ...] = ()
    in_json: tuple[_Replacement, ...] = ()
    canaries: Canaries = field(factory=lambda: Canaries({}))


class Names:
    """The secrets of one run, and whatever else changes from run to run, and the name of each.

    Adding the same text twice keeps its first name.
    """

    def __init__(self) -> None:
        """Know no secret."""
        self._names: dict[str, str] = {}
        self._secrets: set[str] = set()
        self._granted: set[str] = set()
        self._all_known = _Known()

    def add(self, name: str, secret: str, *, granted: bool = False) -> None:
        """Call a token by ``name`` from now on; an empty one has no name.

        ``granted``: Codex got it in answer to a refresh, and had it not from the start.
        """
        self._secrets.add(secret)
        self.add_place(name, secret)
        if granted:
            self._granted.add(name)

    def add_place(self, name: str, place: str) -> None:
        """Call an address or a path, which is no secret, by ``name``."""
        if place:
            self._names.setdefault(place, name)

    def unused(self, name: str, secret: str) -> str:
        """Return ``name``, or ``name-2`` and so on where that is what another secret is called."""
        others = {called for other, called in list(self._names.items()) if other != secret}
        numbered = (f"{name}-{number}" for number in count(2))
        return next(one for one in chain([name], numbered) if one not in others)

    def is_granted(self, name: str) -> bool:
        """Whether the token of this name was granted to a refresh."""
        return name in self._granted

    @property
    def secrets(self) -> Mapping[str, str]:
        """The name of each token that can be told from ordinary text."""
        return {
            secret: name
            for secret, name in list(self._names.items())
            if secret in self._secrets and len(secret) >= TELLING_LENGTH
        }

    def held(self, contents: bytes) -> tuple[str, ...]:
        """Return what tokens are in ``contents``, in whatever form, by name and sorted."""
        return self._known.canaries.held(contents)

    def redact(self, text: str) -> str:
        """Return ``text`` with every known secret replaced by its name, and every part of one.

        A secret that is too short to be told from ordinary text is only replaced as a whole.
        """
        if text in self._names:
            return self._names[text]
        for secret, instead in self._known.plain:
            if secret in text:
                text = text.replace(secret, instead)
        return text

    def redact_all(self, value: Any) -> Any:
        """Return JSON-like ``value`` with every string in it redacted."""
        try:
            return self._redacted_as_json(value)
        except (TypeError, ValueError):
            # It holds what is no JSON, or a number in it looks like a secret.
            return self._redacted_one_by_one(value)

    def _redacted_as_json(self, value: Any) -> Any:
        """Redact the text that ``value`` is on the wire: of hundreds of strings few hold a secret.

        Raises:
            TypeError, ValueError: it is no JSON, before or afterwards.
        """
        text = _ENCODER.encode(value)
        present = [one for one in self._known.in_json if one[0] in text]
        for secret, instead in present:
            text = text.replace(secret, instead)
        return json.loads(text) if present else value

    def _redacted_one_by_one(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {
                self.redact(str(key)): self._redacted_one_by_one(member)
                for key, member in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._redacted_one_by_one(member) for member in value]
        return value

    @property
    def _known(self) -> _Known:
        """What is known so far, which only grows."""
        size = len(self._names), len(self._secrets)
        if self._all_known.size != size:
            names = dict(self._names)
            telling = [one for one in names.items() if len(one[0]) >= TELLING_LENGTH]
            whole = sorted(telling, key=lambda one: -len(one[0]))
            secrets = self.secrets
            plain = tuple(dict.fromkeys([*whole, *parts_of(secrets)]))
            short = (one for one in names.items() if len(one[0]) < TELLING_LENGTH)
            self._all_known = _Known(
                size,
                plain,
                (
                    *((_ENCODER.encode(text), _ENCODER.encode(name)) for text, name in short),
                    *((_in_string(text), _in_string(instead)) for text, instead in plain),
                ),
                Canaries(secrets),
            )
        return self._all_known


def _in_string(text: str) -> str:
    """Return ``text`` as it stands in a longer string of JSON, most often as it is."""
    plain = text.isprintable() and '"' not in text and "\\" not in text
    return text if plain else _ENCODER.encode(text)[1:-1]
