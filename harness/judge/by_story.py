"""What is seen of a story by itself: that every step of it goes well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
from packaging.version import Version

from harness.declare.auth import Auth, ChatGptAuth, NoAuth
from harness.declare.do import Step, by_name
from harness.declare.host import LOGINS_THAT_A_PERSON_ENDS, HostTokens
from harness.declare.scenario import Scenario
from harness.judge.by_host import logged_in
from harness.judge.facts import (
    BACKGROUND_LIMIT,
    IN_THE_BACKGROUND,
    LIMITS,
    LOCKS,
    MODELS,
    RESPONSES,
    SETTINGS,
    SUCCESS_PAGE,
    TOKEN,
    TURNS,
)
from harness.judge.records_of import counted, home_record
from harness.seen.records import (
    UNSAID,
    UNSET,
    Called,
    Ended,
    Expect,
    File,
    Heard,
    Home,
    Login,
    Logout,
    Ran,
    Story,
    Used,
    Visited,
    at_most,
    every,
    matching,
)
from harness.seen.said import account_updated, login_completed


def told(seen: Expect, scenario: Scenario, release: Version) -> Expect:
    """Return what is seen of a story by itself: that every step goes well, on the home as it was.

    What Codex asks in the background beside, and how often, is not what a story is about; nor is
    whether it has written at some time, and so has left its locks.
    """
    steps = by_name(scenario.story)
    put = [step.given["auth"] for step in scenario.story if step.verb == "put" and not step.home]
    if put:
        kept = "absent" if isinstance(put[-1], NoAuth) else "untouched"
        seen = attrs.evolve(seen, home=home_record(kept, put[-1], f"put-{len(put)}"))
        if isinstance(put[-1], ChatGptAuth):
            seen = attrs.evolve(seen, home=_with_id_token(seen.home, [scenario.auth, *put]))
    if release >= min(LOCKS.values()):
        locks = "|".join(map(re.escape, LOCKS))
        seen = attrs.evolve(seen, home=attrs.evolve(seen.home, appeared=every(f"^({locks})$")))
    verbs = Counter(step.verb for step in steps.values())
    asked: dict[str, Any] = dict.fromkeys((*IN_THE_BACKGROUND, MODELS), at_most(BACKGROUND_LIMIT))
    asked |= {endpoint: verbs["limits"] for endpoint in LIMITS if verbs["limits"]}
    asked |= {SETTINGS: at_most(BACKGROUND_LIMIT), RESPONSES: sum(verbs[verb] for verb in TURNS)}
    refreshed = seen.requests.counts.get(TOKEN, 0)
    return attrs.evolve(
        seen,
        story=Story(
            **{name: _step(seen, step, logins, release) for name, step, logins in _numbered(steps)}
        ),
        requests=attrs.evolve(seen.requests, counts={**counted(asked), TOKEN: refreshed}),
    )


def _numbered(steps: Mapping[str, Step]) -> Iterator[tuple[str, Step, int]]:
    """Yield each step by name, with how many logins that a person ends are begun by then."""
    logins = 0
    for name, step in steps.items():
        logins += _login_type(step) in LOGINS_THAT_A_PERSON_ENDS
        yield name, step, logins


def _login_type(step: Step) -> str:
    params = step.given.get("params")
    return str(params.get("type")) if step.verb == "login" and isinstance(params, Mapping) else ""


def _said_of_login(step: Step, logins: int, release: Version) -> Any:
    """Return what is said when a login goes well; one that a person ends has then but begun."""
    kind = _login_type(step)
    if kind in LOGINS_THAT_A_PERSON_ENDS:
        return [{"result": {"type": kind, "loginId": f"login-{logins}"}}]
    if kind == "apiKey":
        return [{"result": {"type": kind}}, login_completed(), account_updated("apikey")]
    tokens = step.given["params"]
    return list(logged_in(tokens, release)) if isinstance(tokens, HostTokens) else UNSAID


def _with_id_token(home: Home, one_after_the_other: Sequence[Auth]) -> Home:
    """Return ``home`` with the name of its id token, which is that of the first with its claims."""
    claims = [getattr(auth, "claims", None) for auth in one_after_the_other]
    first = claims.index(claims[-1])
    tokens = {**home.auth["tokens"], "id_token": f"id-put-{first}" if first else "id-0"}
    return attrs.evolve(home, auth={**home.auth, "tokens": tokens})


def _step(seen: Expect, step: Step, logins: int, release: Version) -> Any:
    """Return what is seen of one step of a story by itself."""
    if step.verb == "login":
        return Login(messages=_said_of_login(step, logins, release), error=None)
    turn = seen.turn
    ran = Ran(exit_code=0, text=UNSAID)
    records: Mapping[str, Any] = {
        "start": seen.start,
        "read": attrs.evolve(seen.read, routing=UNSET),
        "status": seen.status
        if step.given.get("token", True)
        else attrs.evolve(seen.status, auth_token=None),
        "limits": seen.limits,
        "turn": turn,
        "logout": Logout(notifications=[account_updated(None)], error=None, account=None),
        "call": Called(result=UNSAID, error=None),
        "hear": Heard(messages=UNSAID, error=None),
        "visit": Visited(
            status=302, location=matching(SUCCESS_PAGE), text=matching("Signed in to Codex")
        ),
        "exec": attrs.evolve(ran, text="", bearers=turn.bearers, account_ids=turn.account_ids),
        "run": attrs.evolve(ran, bearers=(), account_ids=()),
        "finish": attrs.evolve(ran, bearers=(), account_ids=()),
        "sdk": Used(
            account=seen.read.account,
            outcome=turn.outcome,
            message=None,
            bearers=turn.bearers,
            account_ids=turn.account_ids,
        ),
        "look": File(auth_json=UNSAID),
        "stop": Ended(exit="0"),
        "kill": Ended(exit="hung"),
    }
    return records[step.verb]
