"""What a state expects of any client, held against what became of the home and was asked for.

How often a client asks for rate limits or models is its own affair, and so are files that it keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from attrs import evolve

from harness.client.state import CodexState
from harness.declare.modules import Declared
from harness.errors import PlainError
from harness.judge.implied import expected
from harness.judge.judge import Difference, judge
from harness.seen.journal import Journal
from harness.seen.records import UNSET, Home, Requests, Turn
from harness.suite.probes import RESPONSES

OF_THE_HOME: Final = ("auth_json", "auth", "mode", "leaked")
OF_THE_MODEL: Final = ("bearers", "account_ids")


class NotExpectableError(PlainError):
    """A state whose expectations hold for no client but the harness; the message says why."""


def refuse_story(declared: Declared) -> None:
    """Raise ``NotExpectableError`` where a state is a story, which the harness tells itself."""
    if declared.scenario.kind == "story":
        message = f"{declared.full_name} is a story: what it expects follows from what its steps do"
        raise NotExpectableError(message)


def differences(state: CodexState) -> Mapping[str, Sequence[Difference]]:
    """Return what is not as ``state`` expects it, by the record it is of.

    Expected are what becomes of ``auth.json``, that no token lies elsewhere in the home, which
    refresh tokens are redeemed and which tokens revoked, that nothing else is reached for than this
    machine, and that the model sees no bearer and no account but those it should.

    Raises:
        NotExpectableError: the state is a story.
    """
    refuse_story(state.declared)
    wanted = expected(state.scenario, state.codex.release)
    requests = state.requests
    found = {
        "home": judge(_home(wanted.home), _inside(state.became, state.home.name)),
        "requests": judge(_requests(wanted.requests, requests), requests),
        "turn": _strangers(wanted.turn, state.journal),
    }
    return {record: several for record, several in found.items() if several}


def _home(wanted: Home) -> Home:
    """Return what is expected of the home; ``last_refresh`` is a client's own affair."""
    home = Home(**{name: getattr(wanted, name) for name in OF_THE_HOME})
    if not isinstance(home.auth, Mapping):
        return home
    return evolve(home, auth={key: one for key, one in home.auth.items() if key != "last_refresh"})


def _inside(became: Home, home: str) -> Home:
    """Return ``became`` with the tokens that lie in the home, wherever else a client keeps some."""
    return evolve(became, leaked=tuple(one for one in became.leaked if f" in {home}/" in one))


def _requests(wanted: Requests, seen: Requests) -> Requests:
    """Return what is expected, whatever else was asked of this machine."""
    here = {one: count for one, count in seen.counts.items() if _is_here(one)}
    elsewhere = {one: count for one, count in wanted.counts.items() if not _is_here(one)}
    return Requests(
        counts={**elsewhere, **here},
        refreshed_with=wanted.refreshed_with,
        revoked=wanted.revoked,
    )


def _is_here(endpoint: str) -> bool:
    return endpoint.partition(" ")[2].startswith("/")


def _strangers(wanted: Turn, journal: Journal) -> Sequence[Difference]:
    """Return the bearers and accounts that the model should not have seen."""
    asked = journal.to(RESPONSES)
    seen: Mapping[str, Sequence[Any]] = {
        "bearers": [one.bearer for one in asked],
        "account_ids": [one.account_id for one in asked],
    }
    return [
        Difference(name, allowed, seen[name])
        for name in OF_THE_MODEL
        if (allowed := getattr(wanted, name)) is not UNSET and isinstance(allowed, (list, tuple))
        if any(one not in allowed for one in seen[name])
    ]
