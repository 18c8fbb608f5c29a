"""The wire is held against the protocol that the Codex describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.codex.app_server import Line
from harness.codex.binary import Codex, find_codex
from harness.codex.protocol import Findings, Protocol
from harness.codex.schema import bundle_of, kept_bundle_of
from harness.seen.records import Wire
from harness.suite.probes import in_all_stages

OBJECT = {"type": "object"}


def method(name: str, params: Any, **envelope: Any) -> Any:
    """Return the schema of a message with a method."""
    properties = {"method": {"enum": [name]}, "params": params, **envelope}
    return OBJECT | {"required": ["method", *envelope], "properties": properties}


BUNDLE = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        "ClientRequest": {"oneOf": [method("account/read", {}, id=True)]},
        "ServerRequest": {"oneOf": [method("ask", OBJECT, id=True)]},
        "ServerNotification": {
            "properties": {"at": {"type": "integer"}},
            "oneOf": [
                method("updated", {"$ref": "#/definitions/v2/Updated"}),
                method("anything", OBJECT),
            ],
        },
        "AskResponse": OBJECT | {"required": ["token"]},
        "JSONRPCError": {"properties": {"id": True, "error": {"required": ["code"]}}},
        "v2": {
            "Updated": OBJECT
            | {
                "required": ["mode"],
                "properties": {
                    "mode": {"enum": ["apikey", "chatgpt"]},
                    "plan": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/v2/Plan"}]},
                },
            },
            "Plan": OBJECT | {"properties": {"name": {"type": "string"}}},
            "GetAccountResponse": OBJECT | {"properties": {"account": {"type": "string"}}},
        },
    },
}


def check(*said: tuple[str, Any]) -> Findings:
    """Return what is found in what was said, by whom."""
    lines = [Line(sender, message, 0) for sender, message in said]  # type: ignore[arg-type]
    return Protocol(BUNDLE).check(lines)


def told(params: Any, **envelope: Any) -> tuple[str, Any]:
    """Return the notification ``updated``."""
    return "codex", {"method": "updated", "params": params, **envelope}


READ = ("host", {"id": 1, "method": "account/read"})
ASKED = ("codex", {"id": 1, "method": "ask", "params": {}})


@pytest.mark.parametrize(
    "said",
    [
        [told({"mode": "apikey"}, at=5)],
        [told({"mode": "apikey", "plan": None})],
        [told({"mode": "apikey", "plan": {"name": "pro"}})],
        [("codex", {"method": "anything", "params": {"a": {"b": 1}}})],
        [READ, ("codex", {"id": 1, "result": {"account": "x"}})],
        [READ, ("codex", {"id": 1, "error": {"code": 1}})],
        [
            READ,
            ASKED,
            ("host", {"id": 1, "result": {"token": "t"}}),
            ("codex", {"id": 1, "result": {"account": "x"}}),
        ],
    ],
)
def test_nothing_is_found_where_all_keep_to_it(said: list[tuple[str, Any]]) -> None:
    """Members may be left out, and the ids of the two sides are apart."""
    assert Findings() == check(*said)


@pytest.mark.parametrize(
    ("said", "violation"),
    [
        ([told({"mode": "x"})], 'updated: /params/mode: "x" is not one of "apikey" or "chatgpt"'),
        ([told({})], 'updated: /params: "mode" is a required property'),
        ([told({"mode": "apikey"}, at="now")], 'updated: /at: "now" is not of type "integer"'),
        ([("codex", "panicked")], "no JSON-RPC message: panicked"),
        ([("codex", {"id": 7, "result": {}})], "an answer to no request: id 7"),
        (
            [READ, ("codex", {"id": 1})],
            'the answer to account/read: /: "result" is a required property',
        ),
        (
            [READ, ("codex", {"id": 1, "error": {}})],
            'the answer to account/read: /error: "code" is a required property',
        ),
        (
            [READ, *[("codex", {"id": 1, "result": {"account": "x"}})] * 2],
            "an answer to no request: id 1",
        ),
        (
            [READ, ("codex", {"id": 1, "result": {}})],
            "the answer to account/read: no /result/account",
        ),
        ([READ], "account/read: no answer"),
        ([told({"mode": "apikey"})] * 2, "updated: said twice"),
        ([ASKED, ASKED], "ask: the id of a request that is still open"),
    ],
)
def test_violation_of_codex_names_message_and_place(
    said: list[tuple[str, Any]], violation: str
) -> None:
    """Each is found once, and nothing else with it."""
    assert Findings(violations=[violation]) == check(*said)


def test_violation_of_the_client_is_kept_apart() -> None:
    """A host may be told to answer nonsense."""
    found = check(ASKED, ("host", {"id": 1, "result": {}}))

    said = 'the answer to ask: /result: "token" is a required property'
    assert Findings(client_violations=[said]) == found


@pytest.mark.parametrize(
    ("said", "undeclared"),
    [
        ([("codex", {"method": "new/thing", "params": {}})], "new/thing"),
        ([told({"mode": "apikey", "more": 1})], "updated: /params/more"),
        ([told({"mode": "apikey", "plan": {"x": 1}})], "updated: /params/plan/x"),
        ([told({"mode": "apikey"}, extra=1)], "updated: /extra"),
        (
            [READ, ("codex", {"id": 1, "result": {"account": "x", "plan": 1}})],
            "the answer to account/read: /result/plan",
        ),
        (
            [READ, ("codex", {"id": 1, "error": {"code": 1, "data": None}})],
            "the answer to account/read: /error/data",
        ),
        (
            [("host", {"id": 1, "method": "other/read"}), ("codex", {"id": 1, "result": {}})],
            "the answer to other/read",
        ),
    ],
)
def test_undeclared_members_and_methods_are_noted(
    said: list[tuple[str, Any]], undeclared: str
) -> None:
    """They break nothing."""
    assert Findings(undeclared=[undeclared]) == check(*said)


def test_findings_of_several_stages_stand_once_each() -> None:
    """In the order of the alphabet."""
    first = Wire(violations=("b",), client_violations=(), undeclared=("u",), error=None)
    second = Wire(violations=("a", "b"), client_violations=("c",), undeclared=(), error="none")

    assert Wire(
        violations=("a", "b"), client_violations=("c",), undeclared=("u",), error="none"
    ) == in_all_stages([first, second])


def test_real_codex_describes_what_it_says() -> None:
    """A member that its own protocol has not is found; the rest of the message is in order."""
    params = {"authMode": "chatgpt", "planType": "pro", "mood": "good"}

    found = Protocol(bundle_of(find_codex())).check(
        [Line("codex", {"method": "account/updated", "params": params}, 0)]
    )

    assert Findings(undeclared=["account/updated: /params/mood"]) == found


def test_schema_is_asked_for_once(tmp_path: Path) -> None:
    """The second time it comes from the file, unless that is torn."""
    codex, kept = Codex(write_codex(tmp_path, BUNDLE), "1.2.3"), tmp_path / "kept" / "protocol"

    first = kept_bundle_of(codex, kept)
    kept.write_text('{"kept": true}')
    second = kept_bundle_of(codex, kept)
    kept.write_text('{"kept')
    third = kept_bundle_of(codex, kept)

    assert (first, second, third) == (BUNDLE, {"kept": True}, BUNDLE)
    assert [kept] == list(kept.parent.iterdir())


def write_codex(directory: Path, bundle: Any) -> Path:
    """Write a script that writes ``bundle`` where Codex is told to write its schema."""
    path = directory / "codex"
    name = "codex_app_server_protocol.schemas.json"
    path.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != --out ]; do shift; done\n'
        'mkdir -p "$2"\n'
        f"printf '%s' '{json.dumps(bundle)}' > \"$2/{name}\"\n"
    )
    path.chmod(0o755)
    return path
