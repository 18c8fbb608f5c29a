"""The protocol of a Codex, for holding against it what is said on the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import define, field, frozen
from jsonschema_rs import Registry, Validator, validator_for

from harness.codex.app_server import Line
from harness.codex.order import Order
from harness.codex.schema import answer_to

LIMIT: Final = 160
"""Characters of what a validator says that are kept: it likes to quote the whole message."""

VARYING: Final = re.compile(r"127\.0\.0\.1:\d+|\d[0-9a-f-]{9,}|/world-\w{8}")
"""Ids and moments, and places: they alone make no message right or wrong."""

ERROR: Final = frozenset({"code", "message"})
"""The members of an error."""

_URI: Final = "urn:codex-app-server"
_ASKED_OR_TOLD: Final = {
    "host": {True: "ClientRequest", False: "ClientNotification"},
    "codex": {True: "ServerRequest", False: "ServerNotification"},
}
"""The definitions that list methods: by sender, and whether an answer is expected."""


@define
class Findings:
    """What was said against the protocol, and beside it, in order.

    Args:
        violations: what Codex said against its own protocol.
        client_violations: what the client said against it.
        undeclared: what Codex said that the protocol does not know: methods and members.
    """

    violations: list[str] = field(factory=list)
    client_violations: list[str] = field(factory=list)
    undeclared: list[str] = field(factory=list)

    @property
    def all(self) -> Sequence[str]:
        """What was found, of whatever kind."""
        return [*self.violations, *self.client_violations, *self.undeclared]


class Protocol:
    """The app-server protocol of one Codex.

    Args:
        bundle: its JSON Schema, as ``harness.codex.schema.bundle_of`` returns it.
        tells_beginning_first: as for ``Order``.

    Attributes:
        sound: the messages that have been held against it and are right: who said them, what they
            are, and their text but for what varies.
    """

    def __init__(self, bundle: Mapping[str, Any], *, tells_beginning_first: bool = True) -> None:
        """Index the schema by what can be said; nothing is compiled before it is needed."""
        self._tells_beginning_first = tells_beginning_first
        schemas = {**dict(_messages(bundle)), **dict(_answers(bundle))}
        self._places = {key: str(number) for number, key in enumerate(schemas)}
        messages = dict(zip(self._places.values(), schemas.values(), strict=True))
        definitions = {**bundle["definitions"], "messages": messages}
        self._registry = Registry([(_URI, {**bundle, "definitions": definitions})])
        self._validators: dict[tuple[str, str], Validator] = {}
        self.sound: set[tuple[str, str, str]] = set()
        self._members = dict(_members(bundle))

    def check(self, transcript: Iterable[Line], *, whole: bool = True) -> Findings:
        """Return what is wrong with the messages of one connection, given from its start.

        ``whole``: whether Codex had the time to answer all that it was asked.
        """
        connection = _Connection(self, Order(self._tells_beginning_first))
        for line in transcript:
            connection.hear(line)
        if whole:
            connection.end()
        return connection.findings

    def lacking(self, name: str, result: Any) -> Iterator[str]:
        """Yield the members that the definition ``name`` has and ``result`` leaves out."""
        if isinstance(result, Mapping):
            yield from (one for one in self._members.get(name, ()) if one not in result)

    def validator(self, kind: str, name: str) -> Validator | None:
        """Return what validates the messages of a kind, or ``None`` if the protocol has none such.

        Args:
            kind: ``"ServerNotification"`` and the like with the method as ``name``, or ``"answer"``
                with the name of its definition.
            name: the method or the definition.
        """
        key = (kind, name)
        if key not in self._places:
            return None
        if key not in self._validators:
            place = f"{_URI}#/definitions/messages/{self._places[key]}"
            schema = {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": place}
            self._validators[key] = validator_for(schema, registry=self._registry)
        return self._validators[key]


@frozen
class _Connection:
    """The messages of one connection, and which of them still wait for their answer."""

    protocol: Protocol
    order: Order
    findings: Findings = field(factory=Findings)
    open: dict[tuple[str, str], str] = field(factory=dict)

    def hear(self, line: Line) -> None:
        message, sender = line.message, line.sender
        if not isinstance(message, dict):
            self._violation(sender, f"no JSON-RPC message: {str(message)[:LIMIT]}")
        elif "method" in message:
            self._asked_or_told(sender, message)
        else:
            self._answered(sender, message)

    def end(self) -> None:
        """Say what is missing once nothing more will be said."""
        unanswered = [method for (asker, _), method in self.open.items() if asker == "host"]
        for missing in (*(f"{method}: no answer" for method in unanswered), *self.order.ended()):
            self._violation("codex", missing)

    def _asked_or_told(self, sender: str, message: Mapping[str, Any]) -> None:
        method, is_request = str(message["method"]), "id" in message
        kind = _ASKED_OR_TOLD[sender][is_request]
        if is_request:
            if (sender, _key(message["id"])) in self.open:
                self._violation(sender, f"{method}: the id of a request that is still open")
            self.open[sender, _key(message["id"])] = method
        elif sender == "codex":
            self.findings.violations += self.order.told(message)
        validator = self.protocol.validator(kind, method)
        if validator:
            self._hold(validator, sender, method, message)
        elif sender == "codex":
            self.findings.undeclared.append(method)

    def _answered(self, sender: str, message: Mapping[str, Any]) -> None:
        asker = "codex" if sender == "host" else "host"
        method = self.open.pop((asker, _key(message.get("id"))), None)
        if method is None:
            self._violation(sender, f"an answer to no request: id {message.get('id')!r}")
            return
        if sender == "codex":
            self.order.answered(method, message.get("result"))
        name = "JSONRPCError" if "error" in message else answer_to(method)
        validator = self.protocol.validator("answer", name)
        if sender == "codex":
            self._compare_members(method, name, message)
        if validator:
            self._hold(validator, sender, f"the answer to {method}", message)
        elif sender == "codex":
            self.findings.undeclared.append(f"the answer to {method}")

    def _compare_members(self, method: str, name: str, message: Mapping[str, Any]) -> None:
        """Say what an answer lacks, and what an error has beside code and message.

        Both the schema allows, and no Codex does it (0.94.0 to 0.169.0).
        """
        for member in self.protocol.lacking(name, message.get("result")):
            self._violation("codex", f"the answer to {method}: no /result/{member}")
        error = message.get("error")
        for member in error.keys() - ERROR if isinstance(error, Mapping) else ():
            self.findings.undeclared.append(f"the answer to {method}: /error/{member}")

    def _hold(self, validator: Validator, sender: str, what: str, message: Any) -> None:
        form = sender, what, _form(message)
        if form not in self.protocol.sound:
            said = len(self.findings.all)
            self._hold_anew(validator, sender, what, message)
            if len(self.findings.all) == said:
                self.protocol.sound.add(form)

    def _hold_anew(self, validator: Validator, sender: str, what: str, message: Any) -> None:
        errors = list(validator.iter_errors(message))
        for error in errors:
            where = "".join(f"/{step}" for step in error.instance_path)
            self._violation(sender, f"{what}: {where or '/'}: {_short(error.message)}")
        if sender == "codex" and not errors:
            members = _undeclared(validator, message)
            self.findings.undeclared.extend(f"{what}: {member}" for member in members)

    def _violation(self, sender: str, text: str) -> None:
        findings = self.findings
        (findings.violations if sender == "codex" else findings.client_violations).append(text)


def _form(message: Any) -> str:
    """Return a message as text in which nothing varies from one to another of its kind."""
    return VARYING.sub("0", json.dumps(message))


def _key(number: Any) -> str:
    """Return what tells an id from any other: 1 from "1", and whatever else JSON has."""
    return repr(number)


def _messages(bundle: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield the schema of each message with a method, by kind and method."""
    for kinds in _ASKED_OR_TOLD.values():
        for kind in kinds.values():
            whole = bundle["definitions"].get(kind, {})
            # What all messages of a kind have in common stands beside their list.
            common = {name: value for name, value in whole.items() if name != "oneOf"}
            for variant in whole.get("oneOf", ()):
                method = (variant["properties"].get("method", {}).get("enum") or [""])[0]
                yield (kind, method), {**common, "allOf": [variant]}


def _answers(bundle: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield the schema of each answer, by the name of its definition."""
    for place in ("", "v1/", "v2/"):
        level = bundle["definitions"].get(place.rstrip("/"), {}) if place else bundle["definitions"]
        for name in level:
            if name.endswith("Response"):
                result = {"$ref": f"#/definitions/{place}{name}"}
                properties = {"id": True, "result": result}
                yield ("answer", name), {"required": ["id", "result"], "properties": properties}
    yield ("answer", "JSONRPCError"), {"$ref": "#/definitions/JSONRPCError"}


def _members(bundle: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the members of each answer, by the name of its definition."""
    for level in (bundle["definitions"], bundle["definitions"].get("v2", {})):
        for name, schema in level.items():
            if name.endswith("Response"):
                yield name, tuple(schema.get("properties", ()))


def _undeclared(validator: Validator, message: Any) -> Iterator[str]:
    """Yield the way to each member that no ``properties`` of the schema of its object names.

    An object of which the schema names no member at all may hold any.
    """
    declared: dict[str, set[Any]] = {}
    for one in validator.evaluate(message).annotations():
        names, keyword = one["annotations"], one["schemaLocation"].rpartition("/")[2]
        if keyword in ("properties", "additionalProperties") and isinstance(names, list):
            declared.setdefault(one["instanceLocation"], set()).update(names)
    for place, known in declared.items():
        yield from (f"{place}/{name}" for name in _at(message, place) if name not in known)


def _at(message: Any, place: str) -> Any:
    """Return what lies at a JSON pointer."""
    for step in place.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        message = message[int(name)] if isinstance(message, list) else message[name]
    return message


def _short(text: str) -> str:
    return text if len(text) <= LIMIT else f"{text[:LIMIT]}…"
