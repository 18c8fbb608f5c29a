"""Tokens by name: what is recorded is stable from run to run, and holds no token."""

from __future__ import annotations

from typing import Any, Final

TELLING_LENGTH: Final = 6


class Names:
    """The secrets of one run and the name of each.

    Adding the same secret twice keeps its first name.
    """

    def __init__(self) -> None:
        """Know no secret."""
        self._names: dict[str, str] = {}

    def add(self, name: str, secret: str) -> None:
        """Call ``secret`` by ``name`` from now on; an empty secret has no name."""
        if secret:
            self._names.setdefault(secret, name)

    def redact(self, text: str) -> str:
        """Return ``text`` with every known secret replaced by its name.

        A secret that is too short to be told from ordinary text is only replaced as a whole.
        """
        if text in self._names:
            return self._names[text]
        for secret in sorted(self._names, key=len, reverse=True):
            if len(secret) >= TELLING_LENGTH:
                text = text.replace(secret, self._names[secret])
        return text

    def redact_all(self, value: Any) -> Any:
        """Return JSON-like ``value`` with every string in it redacted."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {key: self.redact_all(member) for key, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.redact_all(member) for member in value]
        return value
