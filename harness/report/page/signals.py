"""Signed in? Four signals that users take for one another, of a scenario on a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

CREDENTIALS: Final = {
    "tokens": "ChatGPT tokens",
    "OPENAI_API_KEY": "API key",
    "personal_access_token": "personal access token",
    "bedrock_api_key": "Bedrock API key",
}
"""The members of ``auth.json`` that sign in, and what they are."""

Json = Mapping[str, Any]


@frozen
class Signal:
    """What one of them says.

    Args:
        signed_in: whether it says that somebody is signed in; ``None`` where it was not looked at.
        words: what it says, as it says it.
    """

    signed_in: bool | None
    words: str


NOT_LOOKED_AT: Final = Signal(None, "")


def signals(
    before: Json | None, cli_status: Json | None, read: Json | None, turn: Json | None
) -> tuple[Signal, Signal, Signal, Signal]:
    """Return what the file, ``codex login status``, ``account/read`` and the first turn say.

    Args:
        before: what the home held before the session, as in the results.
        cli_status: the record of this probe, as JSON.
        read: the same.
        turn: the same.
    """
    return (
        NOT_LOOKED_AT if before is None else _file(before),
        NOT_LOOKED_AT if cli_status is None else _cli_status(cli_status),
        NOT_LOOKED_AT if read is None else _read(read),
        NOT_LOOKED_AT if turn is None else _turn(turn),
    )


def _file(before: Json) -> Signal:
    held = before.get("auth_json")
    if held is None:
        return Signal(signed_in=False, words="no auth.json")
    if not isinstance(held, Mapping):
        return Signal(signed_in=False, words="no JSON object")
    found = [words for member, words in CREDENTIALS.items() if held.get(member)]
    return Signal(bool(found), ", ".join(found) or "no credentials")


def _cli_status(record: Json) -> Signal:
    last = (str(record.get("text") or "").strip().splitlines() or [""])[-1]
    return Signal(record.get("exit_code") == 0, last or f"exit code {record.get('exit_code')}")


def _read(record: Json) -> Signal:
    account, error = record.get("account"), record.get("error")
    if error is not None:
        return Signal(signed_in=False, words=_words(error))
    if not isinstance(account, Mapping):
        return Signal(signed_in=False, words="no account")
    told = [str(account[name]) for name in ("type", "email", "planType") if account.get(name)]
    return Signal(signed_in=True, words=", ".join(told))


def _turn(record: Json) -> Signal:
    outcome = str(record.get("outcome"))
    if outcome == "completed":
        return Signal(signed_in=True, words=outcome)
    return Signal(signed_in=False, words=_words(record.get("message") or outcome))


def _words(error: object) -> str:
    return str(error.get("message") if isinstance(error, Mapping) else error)
