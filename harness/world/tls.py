"""TLS for the fake OpenAI: an authority that nobody else trusts, and a certificate of it."""

from __future__ import annotations

import ssl
from functools import cache

import trustme
from attrs import frozen


@frozen
class Authority:
    """An authority of this process.

    Args:
        pem: its certificate, for a Codex that is to trust it.
        server: what a server on this machine shows that it has certified.
    """

    pem: str
    server: ssl.SSLContext


@cache
def authority() -> Authority:
    """Return the authority, which is made once in a process."""
    made = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("127.0.0.1").configure_cert(server)
    return Authority(made.cert_pem.bytes().decode(), server)
