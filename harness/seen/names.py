"""Tokens by name: what is recorded is stable from run to run, and holds no token."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, count
from typing import Any, Final

from harness.seen.canaries import held, without_parts

TELLING_LENGTH: Final = 6


class Names:
    """The secrets of one run, and whatever else changes from run to run, and the name of each.

    Adding the same text twice keeps its first name.
    """

    def __init__(self) -> None:
        """Know no secret."""
        self._names: dict[str, str] = {}
        self._secrets: set[str] = set()
        self._granted: set[str] = set()

    def add(self, name: str, secret: str, *, granted: bool = False) -> None:
        """Call a token by ``name`` from now on; an empty one has no name.

        ``granted``: Codex got it in answer to a refresh, and had it not from the start.
        """
        self.add_place(name, secret)
        self._secrets.add(secret)
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
        return held(contents, self.secrets)

    def redact(self, text: str) -> str:
        """Return ``text`` with every known secret replaced by its name, and every part of one.

        A secret that is too short to be told from ordinary text is only replaced as a whole.
        """
        if text in self._names:
            return self._names[text]
        for secret in sorted(self._names, key=len, reverse=True):
            if len(secret) >= TELLING_LENGTH:
                text = text.replace(secret, self._names[secret])
        return without_parts(text, self.secrets)

    def redact_all(self, value: Any) -> Any:
        """Return JSON-like ``value`` with every string in it redacted."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {self.redact(str(key)): self.redact_all(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.redact_all(member) for member in value]
        return value
