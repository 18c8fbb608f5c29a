"""The error that a person is told in a line, without a traceback."""

from __future__ import annotations


class PlainError(Exception):
    """What could not be done; the message says why and what to do, for whoever asked for it."""
