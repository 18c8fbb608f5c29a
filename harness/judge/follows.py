"""What follows from an expectation itself, whoever has said it: the fixture or the scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs
from packaging.version import Version

from harness.codex.app_server import CLIENT_INFO
from harness.declare.answers import MODEL_SAYS
from harness.declare.do import by_name
from harness.declare.scenario import Scenario
from harness.judge.facts import PLAN_IN_UPDATES, ROUTED, TOKEN
from harness.seen.records import (
    UNSET,
    Between,
    Every,
    Expect,
    Ran,
    Requests,
    Story,
    Turn,
    either,
    every,
    matching,
)
from harness.seen.said import account_updated

USED: Final = 10
"""Per cent of the rate limit that the healthy backend says are used."""

WINDOW: Final = {"usedPercent": USED, "windowDurationMins": 300, "resetsAt": 1_900_000_000}

EVENTS: Final = (
    "thread.started",
    "turn.started",
    f"item.completed: {MODEL_SAYS}",
    "turn.completed",
)
"""What ``codex exec --json`` tells of a turn that goes well."""


def completed(seen: Expect, scenario: Scenario, release: Version) -> Expect:
    """Return ``seen`` with what it leaves open and what follows from the rest of it."""
    alone = scenario.kind == "home"
    return attrs.evolve(
        seen,
        start=_start(seen, release),
        limits=_limits(seen.limits),
        turn=_left_open(
            _turn(seen.turn), notifications=_updates(seen, release) if alone else UNSET
        ),
        requests=_left_open(
            seen.requests,
            bearers=_bearers(seen) if alone else UNSET,
            bodies=_refreshes(seen.requests),
        ),
        story=_story(seen.story, scenario),
        cli_status=_left_open(seen.cli_status, stream="stderr"),
        cli_logout=_left_open(seen.cli_logout, stream="stderr"),
        traces=_left_open(seen.traces, exits=UNSET if scenario.story else _exits(seen)),
    )


def _left_open(record: Any, **fields: Any) -> Any:
    """Return ``record`` with these fields where it says nothing of them."""
    left = {name: one for name, one in fields.items() if getattr(record, name) is UNSET}
    return attrs.evolve(record, **left) if left else record


def _start(seen: Expect, release: Version) -> Any:
    if seen.start.outcome != "initialized":
        return seen.start
    # Until 0.116.0 at least it does not tell its home; one behind a link it tells as what it is.
    homes = either("/world/codex-home", "/world/elsewhere", None)
    agent = matching(rf"^{CLIENT_INFO['name']}/{re.escape(str(release))}(-\S+)?$")
    return _left_open(seen.start, agent=agent, codex_home=homes)


def _limits(limits: Any) -> Any:
    if limits.used_percent != USED or limits.error is not None:
        return limits
    shown = {"primary": WINDOW, "secondary": None, "credits": None}
    return _left_open(limits, answer={"rateLimits": {**shown, "planType": limits.plan_type}})


def _turn(turn: Turn) -> Turn:
    said: Turn = _left_open(turn, answer=MODEL_SAYS if turn.outcome == "completed" else UNSET)
    return said


def _updates(seen: Expect, release: Version) -> Any:
    """Return what Codex says by itself of the account, once it knows where that is served."""
    routing, account = seen.read.routing, seen.read.account
    if release < ROUTED or not isinstance(routing, Mapping) or not isinstance(account, Mapping):
        return () if routing is None else UNSET
    plan = account.get("planType") if release >= PLAN_IN_UPDATES else None
    # A sign-in without a token to show has no method, and updates the account all the same.
    return (account_updated(seen.status.auth_method or "chatgpt", plan),)


def _bearers(seen: Expect) -> Any:
    """Return that all is asked with the token of the turn, where that is one and the same.

    Where the provider of the model wants no sign-in, others are still asked with the one there is.
    """
    bearers, token = seen.turn.bearers, seen.status.auth_token
    settled = isinstance(bearers, tuple) and set(bearers) == {token} != {None}
    wanted = seen.read.requires_openai_auth is not False
    return (token,) if settled and wanted and seen.limits.error is None else UNSET


def _refreshes(requests: Requests) -> Any:
    """Return that all refreshes are alike, where chance decides how many there are."""
    counts, redeemed = requests.counts, requests.refreshed_with
    by_chance = isinstance(counts, Mapping) and isinstance(counts.get(TOKEN), Between)
    if not by_chance or not isinstance(redeemed, Every):
        return UNSET
    return {TOKEN: every({"grant_type": "refresh_token", "refresh_token": redeemed.item})}


def _exits(seen: Expect) -> Any:
    """Return that every app-server ends as the one of the session does."""
    return (seen.home.exit,) if isinstance(seen.home.exit, str) else UNSET


def _story(story: Story, scenario: Scenario) -> Story:
    verbs = {name: step.verb for name, step in by_name(scenario.story).items()}
    return Story(**{name: _step(one, verbs.get(name)) for name, one in story.steps.items()})


def _step(record: Any, verb: str | None) -> Any:
    if isinstance(record, Turn):
        return _turn(record)
    if isinstance(record, Ran) and verb == "exec" and record.exit_code == 0:
        return _left_open(record, events=EVENTS)
    return record
