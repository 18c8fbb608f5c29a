"""The authority that signs the tokens of agents, and the keys that it publishes.

Its key is made once in a process, where one is needed: no token outlives the run that it is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from harness.declare.tokens import join_jwt, url_safe

KEY_ID: Final = "key-1"


_MAKING: Final = Lock()


def _key() -> RSAPrivateKey:
    with _MAKING:
        return _made_key()


@cache
def _made_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65_537, key_size=2_048)


def sign_jwt(payload: Mapping[str, object]) -> str:
    """Return ``payload`` as a JWT that the authority has signed (RS256)."""
    header = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}
    return join_jwt(header, payload, lambda text: _key().sign(text, PKCS1v15(), SHA256()))


def published_keys() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the JWKS of the authority, with its only key."""
    public = _key().public_key().public_numbers()
    numbers = {"n": public.n, "e": public.e}
    key = {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": KEY_ID,
        **{
            name: url_safe(number.to_bytes((number.bit_length() + 7) // 8, "big"))
            for name, number in numbers.items()
        },
    }
    return {"keys": [key]}
