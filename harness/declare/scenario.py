"""A scenario: one auth state as data. Nothing in it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, get_args

import tomlkit
from attrs import Attribute, field, frozen

from harness.declare.answers import Backend
from harness.declare.auth import FIXTURES, READINGS, Auth, NoAuth, Reading, Variable
from harness.declare.checks import frozen_list, not_negative, takes, takes_many, takes_table
from harness.declare.do import Step, logs_in_with_a_browser, refuse_unknown_steps
from harness.declare.host import Host
from harness.declare.layout import ORDINARY, Layout
from harness.declare.releases import EVERY_RELEASE, Applies, Deviation, no_overlaps
from harness.declare.upstream import refuse_unknown_tests
from harness.seen.records import PROBES, STAGES, UNSET, Expect, Kind, fields_of, probes_of

REFERENCE = re.compile(r"[\w.-]+/[\w.-]+#\d+")
OWNED_BY_THE_HARNESS = ("CODEX_HOME", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def _not_ours(_scenario: object, attribute: Attribute[Any], value: Mapping[str, Any]) -> None:
    """Validate that a scenario does not lead Codex out of its home or off the machine."""
    for name in value:
        if name.upper() in OWNED_BY_THE_HARNESS:
            message = f"'{attribute.name}' cannot set {name}: it keeps Codex on this machine"
            raise ValueError(message)


def _configurable(
    scenario: object, attribute: Attribute[Any], value: Mapping[str, Any] | str
) -> None:
    """Refuse dotted keys, which TOML would take for names with a dot, and what TOML cannot hold."""
    if isinstance(value, str):
        return
    takes_table(object)(scenario, attribute, value)
    for key in value:
        if "." in key:
            table, _, rest = key.partition(".")
            message = (
                f"'{attribute.name}' takes tables, not {key!r}: {{{table!r}: {{{rest!r}: …}}}}"
            )
            raise ValueError(message)
    try:
        tomlkit.item(dict(value))
    except ValueError as error:
        message = f"'{attribute.name}' takes what TOML can hold: {error}"
        raise ValueError(message) from error


ONE_AFTER_THE_OTHER = 1.0
"""Seconds for which a login with a browser keeps others waiting, more or less."""

WANTS: Mapping[Kind, str] = {
    "home": "neither a host nor a story",
    "host": "a host",
    "story": "a story",
}


def _stages(scenario: Any, attribute: Attribute[Any], stages: Sequence[str]) -> None:
    """Refuse stages that there are not, and what would leave nothing to see."""
    unknown = [stage for stage in stages if stage not in STAGES]
    if unknown or "session" not in stages:
        message = f"'{attribute.name}' takes 'session' and any of {', '.join(STAGES[1:])}"
        raise ValueError(message)
    if scenario.story and stages != STAGES:
        message = f"'{attribute.name}' says nothing in a scenario with a story; leave it out"
        raise ValueError(message)


def _tried(scenario: Any, attribute: Attribute[Any], expect: Expect) -> None:
    """Refuse an expectation of a probe, or of a step, that this scenario does not have."""
    for probe in PROBES:
        if probe not in scenario.probes and fields_of(getattr(expect, probe)):
            if probe in probes_of(scenario.kind):
                message = f"'{attribute.name}' pins '{probe}', which 'stages' leaves out"
                raise ValueError(message)
            wants = " or ".join(text for kind, text in WANTS.items() if probe in probes_of(kind))
            message = f"'{attribute.name}' pins '{probe}', which only a scenario with {wants} has"
            raise ValueError(message)
    refuse_unknown_steps(f"'{attribute.name}'", scenario.story, expect.story)
    if (
        attribute.name == "expect"
        and scenario.kind == "host"
        and scenario.taken_for
        and expect.login.messages is UNSET
    ):
        message = (
            "'expect' must say how the login goes when 'taken_for' is given: "
            "expect=Expect(login=Login(messages=[…]))"
        )
        raise ValueError(message)


def _all_tried(scenario: Any, attribute: Attribute[Any], deviations: Sequence[Deviation]) -> None:
    for deviation in deviations:
        _tried(scenario, attribute, deviation.expect)


def _claims(scenario: Any, attribute: Attribute[Any], claims: Mapping[str, Any]) -> None:
    """Refuse a claim for a probe that this scenario does not have, and of no test of Codex."""
    for probe, names in claims.items():
        if probe not in scenario.probes:
            message = f"'{attribute.name}' names no probe of this scenario: {probe!r}"
            raise ValueError(message)
        takes_many(str, of="test names")(scenario, attribute, names)
    refuse_unknown_tests(claims)


def _references(_scenario: object, attribute: Attribute[Any], references: Sequence[str]) -> None:
    for reference in references:
        if not REFERENCE.fullmatch(reference):
            message = f"'{attribute.name}' takes threads as 'owner/name#123', not {reference!r}"
            raise ValueError(message)


@frozen(kw_only=True)
class Scenario:
    """One auth state: what lies in the home, how the world answers, what must be seen.

    Args:
        auth: what ``auth.json`` holds; ``NoAuth()`` by default.
        config: keys of ``config.toml``, beside those that lead Codex to the fake backend, which is
            ``http://backend`` in them, or ``https://backend`` by TLS; or exactly this text, for one
            that Codex cannot read.
        env: environment variables beside those of the harness; ``LEFT_OUT`` takes one of those
            away, a token stands for itself, ``http://backend`` is as in ``config``, and
            ``{authority}`` is the file with the certificate of who vouches for ``https://backend``.
        backend: how the fake OpenAI answers; healthy by default.
        host: the application that embeds Codex and signs in with tokens of its own (external auth);
            ``None``: none does.
        story: what is done, step by step, where the suite that every other state gets is not what
            the state is about; the steps are made by ``harness.do``.
        requirements: the machine's ``/etc/codex/requirements.toml``, keys as in ``config``, or
            exactly this text; Codex then sees an ``/etc`` of its own.
        reaches: other machines that Codex turns to in this state, whatever it was told:
            ``["chatgpt.com"]``. As always it is refused; but it fails no cell.
        layout: how the home lies on the disk: modes, links, and what is missing.
        stages: the parts of the suite in which the state can be told from another; by default all.
        taken_for: what Codex takes the state for, where that is not what ``auth`` and ``host`` say:
            ``NoAuth()`` for a sign-in that policy forbids, ``Unreadable(…)`` for a file that Codex
            cannot read. What must be seen follows from it.
        lasts: seconds that Codex spends in this state on waits of its own; where they are many,
            the scenario is begun before others.
        expect: what must be seen where it differs from what the fixture implies.
        applies: the releases of Codex that can have this state; by default all.
        deviations: what some releases do instead.
        upstream: the tests of Codex itself that say the same, by the probe that sees it here:
            ``{"logout": ["logout_account_removes_auth_and_notifies"]}``.
        reports: where users met the state, as ``owner/name#123`` of an issue or a pull request.
    """

    auth: Auth = field(default=NoAuth(), validator=takes(*FIXTURES))
    config: Mapping[str, Any] | str = field(factory=dict, validator=_configurable)
    env: Mapping[str, Variable] = field(
        factory=dict, validator=[takes_table(*get_args(Variable)), _not_ours]
    )
    backend: Backend = field(default=Backend(), validator=takes(Backend))
    host: Host | None = field(default=None, validator=takes(Host, None))
    story: Sequence[Step] = field(
        default=(), converter=frozen_list, validator=takes_many(Step, of="steps")
    )
    requirements: Mapping[str, Any] | str | None = field(
        default=None, validator=takes(Mapping, str, None)
    )
    reaches: Sequence[str] = field(
        default=(),
        converter=frozen_list,
        validator=takes_many(str, of="machines"),
    )
    layout: Layout = field(default=ORDINARY, validator=takes(Layout))
    taken_for: Reading | None = field(default=None, validator=takes(*READINGS, None))
    stages: Sequence[str] = field(
        default=STAGES,
        converter=frozen_list,
        validator=[takes_many(str, of="stages"), _stages],
    )
    lasts: float = field(default=0, validator=[takes(int, float), not_negative])
    expect: Expect = field(default=Expect(), validator=[takes(Expect), _tried])
    applies: Applies = field(default=EVERY_RELEASE, validator=takes(Applies))
    deviations: Sequence[Deviation] = field(
        default=(),
        converter=frozen_list,
        validator=[takes_many(Deviation, of="deviations"), no_overlaps, _all_tried],
    )
    upstream: Mapping[str, Sequence[str]] = field(
        factory=dict, validator=[takes_table(object), _claims]
    )
    reports: Sequence[str] = field(
        default=(),
        converter=frozen_list,
        validator=[takes_many(str, of="threads"), _references],
    )

    @property
    def kind(self) -> Kind:
        """What it is about, and so which probes it has."""
        return "story" if self.story else "host" if self.host else "home"

    @property
    def probes(self) -> tuple[str, ...]:
        """The probes that it has."""
        return probes_of(self.kind, self.stages)

    @cached_property
    def waits(self) -> float:
        """How many seconds it waits instead of working, at the least."""
        later: list[float] = [
            step.given["answers"].waits for step in self.story if "answers" in step.given
        ]
        in_turn = ONE_AFTER_THE_OTHER if logs_in_with_a_browser(self.story) else 0
        host = self.host.waits if self.host else 0
        return self.lasts + self.backend.waits + host + sum(later) + in_turn
