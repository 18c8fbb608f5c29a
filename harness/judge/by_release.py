"""What is seen on a release, without what came after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from packaging.version import Version

from harness.declare.answers import asked_by
from harness.judge.facts import (
    LOCKS,
    LOGS_APART,
    LOGS_THE_HOST,
    MADE_ANEW,
    PLAN_IN_UPDATES,
    REVOKE,
    ROUTED,
    STATUS_IN_KIND,
)
from harness.seen.records import PROBES, Either, Expect, Story, either, every, fields_of


def of_release(seen: Expect, release: Version) -> Expect:
    """Return ``seen`` without what came after ``release``."""
    records = {probe: getattr(seen, probe) for probe in PROBES}
    steps = {
        name: _record_of_release("", record, release) for name, record in seen.story.steps.items()
    }
    records = {probe: _record_of_release(probe, one, release) for probe, one in records.items()}
    return Expect(**{**records, "story": Story(**steps)})


def _record_of_release(probe: str, record: Any, release: Version) -> Any:
    """Return the record of ``probe``, or of a step, without what came after ``release``."""
    if isinstance(record, Story):
        return record
    known: dict[str, Any] = {}
    fields = fields_of(record)
    if "counts" in fields:
        later = [name for name in fields["counts"] if not asked_by(name, release)]
        if later:
            known["counts"] = {name: n for name, n in fields["counts"].items() if name not in later}
    if "revoked" in fields and not asked_by(REVOKE, release):
        known["revoked"] = ()
    if release < STATUS_IN_KIND and _tells_a_status(fields.get("kind")):
        known["kind"] = "other"
    if fields.get("routing") is not None and (release < ROUTED or fields.get("account") is None):
        known["routing"] = None
    for said in ("notifications", "messages"):
        if release < PLAN_IN_UPDATES and said in fields:
            known[said] = _without_plans(fields[said])
    if fields.get("auth_json") == "rewritten" and "mode" in fields and release >= MADE_ANEW:
        known["mode"] = "0600"
    known |= _left_behind(probe, fields, release)
    return attrs.evolve(record, **known) if known else record


def _left_behind(probe: str, fields: Mapping[str, Any], release: Version) -> Mapping[str, Any]:
    """Return what else a release leaves in the home: beside ``auth.json``, and in its log."""
    left: dict[str, Any] = {}
    if probe == "home" and isinstance(fields.get("appeared"), tuple):
        left["appeared"] = _appeared(fields["appeared"], fields.get("auth_json"), release)
    if (
        probe in ("home", "traces")
        and release in LOGS_THE_HOST
        and _leaks_nothing(fields.get("leaked"))
    ):
        log = "logs" if release >= LOGS_APART else "state"
        left["leaked"] = every(rf"^(a piece of )?host-\d+ in codex-home/{log}_\d\.sqlite$")
    return left


def _leaks_nothing(leaked: Any) -> bool:
    """Whether nothing is expected to leak; a matcher, which may equal that, says otherwise."""
    return isinstance(leaked, tuple) and not leaked


def _appeared(names: tuple[str, ...], auth_json: Any, release: Version) -> tuple[str, ...]:
    """Return the files that appear, of the locks beside ``auth.json`` those of this release."""
    locks = {name for name, since in LOCKS.items() if release >= since}
    left = locks if auth_json in ("rewritten", "created", "removed") else locks & {*names}
    return tuple(sorted({*names} - {*LOCKS} | left))


def _tells_a_status(kind: Any) -> bool:
    return isinstance(kind, Mapping) and "httpConnectionFailed" in kind


def _without_plans(said: Any) -> Any:
    if isinstance(said, Either):
        return either(*map(_without_plans, said.values))
    return tuple(map(_without_plan, said)) if isinstance(said, tuple) else said


def _without_plan(message: Any) -> Any:
    if not isinstance(message, Mapping) or message.get("method") != "account/updated":
        return message
    params = {name: value for name, value in message["params"].items() if name != "planType"}
    return {**message, "params": params}
