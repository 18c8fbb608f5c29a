"""Every token is a canary: where it is found in any form, whole or in part, it was let out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from attrs import frozen

PIECE: Final = 20
"""How many bytes of a token are searched for at a time: any part of twice as many holds such."""

TELLING: Final = 2 * PIECE
"""The shortest token of which a part can be told from ordinary text."""

ENCODED: Final = 12
"""The shortest token of which another writing can."""


@frozen
class Canary:
    """A token in the forms in which it may be found.

    Args:
        whole: the token itself.
        encoded: other writings of it, each with what it is called, ``"{} in base64"``.
        pieces: parts of it, which a database or a log may have split or cut.
    """

    whole: bytes
    encoded: tuple[tuple[bytes, str], ...]
    pieces: tuple[bytes, ...]

    def told(self, contents: bytes, name: str) -> str:
        """Return what of the token called ``name`` is in ``contents``; ``""``: nothing."""
        if self.whole in contents:
            return name
        for written, called in self.encoded:
            if written in contents:
                return called.format(name)
        return ""


@lru_cache(maxsize=512)
def canary(secret: str) -> Canary:
    """Return the forms in which ``secret`` may be found."""
    whole = secret.encode()
    starts = range(0, len(whole) - PIECE + 1, PIECE) if len(whole) >= TELLING else ()
    encoded = dict.fromkeys(_encoded(whole)) if len(whole) >= ENCODED else ()
    return Canary(whole, tuple(encoded), tuple(whole[i : i + PIECE] for i in starts))


class Canaries:
    """The tokens that are searched for.

    Args:
        secrets: the name of each token.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """Work out in what forms each may be found."""
        self._by_name = {name: canary(secret) for secret, name in secrets.items()}
        # Tokens have most of their pieces in common, and each is looked for once.
        self._pieces = tuple({piece for one in self._by_name.values() for piece in one.pieces})

    def held(self, contents: bytes) -> tuple[str, ...]:
        """Return what tokens are in ``contents``, sorted: ``"access-0"``, ``"a piece of id-0"``.

        Pieces are told where there is no whole token.
        """
        found = [one.told(contents, name) for name, one in self._by_name.items()]
        whole = [text for text in found if text]
        return tuple(sorted(set(whole or self._in_pieces(contents))))

    def _in_pieces(self, contents: bytes) -> Iterator[str]:
        found = {piece for piece in self._pieces if piece in contents}
        for name, one in self._by_name.items():
            if not found.isdisjoint(one.pieces):
                yield f"a piece of {name}"


def parts_of(secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield every other writing of these tokens, and every piece, with what is said instead.

    Args:
        secrets: the name of each token.
    """
    for secret, name in secrets.items():
        one = canary(secret)
        for written, called in one.encoded:
            yield written.decode(errors="replace"), f"({called.format(name)})"
        for piece in one.pieces:
            yield piece.decode(errors="replace"), "…"


def _encoded(whole: bytes) -> Iterable[tuple[bytes, str]]:
    for shift in range(3):
        # As it stands in the base64 of a longer text: cut to what its neighbours do not change.
        groups = (len(whole) - shift) // 3 * 3
        written = base64.b64encode(whole[shift : shift + groups])
        yield written, "{} in base64"
        yield written.replace(b"+", b"-").replace(b"/", b"_"), "{} in base64"
    yield whole.hex().encode(), "{} in hex"
    yield whole.hex().upper().encode(), "{} in hex"
    claims = _claims(whole)
    if len(claims) >= TELLING:
        yield claims, "the claims of {}"


def _claims(token: bytes) -> bytes:
    """Return the payload of a JWT as it is written; ``b""``: it is none."""
    parts = token.split(b".")
    try:
        return base64.urlsafe_b64decode(parts[1] + b"==") if len(parts) > 1 else b""
    except (ValueError, binascii.Error):
        return b""
