"""How the fake OpenAI answers, as JSON: the words of the language, each with what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from harness.declare.answers import (
    ENDPOINTS,
    Healthy,
    Reply,
    drop,
    grant,
    refuse,
    rotating,
    slow,
    unauthorized,
    until_refreshed,
)
from harness.errors import PlainError

WORDS: Final[Mapping[str, Callable[..., Any]]] = {
    "healthy": Healthy,
    "reply": Reply,
    "refuse": refuse,
    "unauthorized": unauthorized,
    "slow": slow,
    "drop": drop,
    "grant": grant,
    "rotating": rotating,
    "until_refreshed": until_refreshed,
}
"""What an answer can be; ``until_refreshed`` takes another answer."""


class AnswerError(PlainError):
    """JSON that means no answer; the message names the field and what it takes."""


def answers_from(said: Any) -> Mapping[str, Any]:
    """Return the fields of a ``Backend`` that JSON names, ``{"token": [{"refuse": {…}}]}``.

    Raises:
        AnswerError: it is none.
    """
    if not isinstance(said, dict) or not said:
        message = 'answers are an object by endpoint: {"token": {"refuse": {"status": 500}}}'
        raise AnswerError(message)
    return {name: _of_field(name, value) for name, value in said.items()}


def _of_field(name: str, value: Any) -> Any:
    if name == "workspaces":
        return value
    if name not in ENDPOINTS.values():
        message = f"{name!r} is no endpoint; there are {', '.join(ENDPOINTS.values())}"
        raise AnswerError(message)
    several = [_answer(name, one) for one in value] if isinstance(value, list) else None
    return _answer(name, value) if several is None else several


def _answer(name: str, said: Any) -> Any:
    if not isinstance(said, dict) or len(said) != 1 or not said.keys() <= WORDS.keys():
        message = f"{name}: an answer is an object with one of {', '.join(WORDS)}, not {said!r}"
        raise AnswerError(message)
    ((word, given),) = said.items()
    if word == "until_refreshed":
        return until_refreshed(_answer(name, given))
    try:
        return WORDS[word](**given) if isinstance(given, dict) else WORDS[word](given)
    except (TypeError, ValueError) as error:
        message = f"{name}: {word}: {error}"
        raise AnswerError(message) from error
