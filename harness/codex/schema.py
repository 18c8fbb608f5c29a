"""The protocol of a Codex as JSON Schema, which the very binary writes."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from harness.codex.binary import Codex, CodexNotFoundError

DEADLINE: Final = 60.0
"""Seconds that a Codex may take to write its schema; 0.169.0 takes 0.3."""

BUNDLE: Final = "codex_app_server_protocol.schemas.json"
SIDES: Final = ("ClientRequest", "ServerRequest", "ServerNotification")
"""The definitions that list what may be said, by whom."""

OF_ACCOUNTS: Final = ("account/", "accountSession/", "getAuthStatus")
"""How the methods begin that are about accounts."""

ANSWERS: Final = {
    "account/read": "GetAccountResponse",
    "account/login/start": "LoginAccountResponse",
    "account/login/cancel": "CancelLoginAccountResponse",
    "account/logout": "LogoutAccountResponse",
    "account/rateLimits/read": "GetAccountRateLimitsResponse",
    "account/chatgptAuthTokens/refresh": "ChatgptAuthTokensRefreshResponse",
    "getAuthStatus": "GetAuthStatusResponse",
}
"""The definitions of answers, which the schema does not tie to their methods."""


def schema_of(codex: Codex) -> Mapping[str, Any]:
    """Return all definitions of the protocol of ``codex``, by name, the experimental ones included.

    Raises:
        CodexNotFoundError: it writes no schema (before 0.93.0, or a script that is no Codex).
    """
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-schema-") as directory:
        home, out = Path(directory, "home"), Path(directory, "out")
        home.mkdir()
        # Releases before 0.99.0 do not know --experimental, and leave nothing out.
        for option in (["--experimental"], []):
            done = subprocess.run(
                [codex.path, "app-server", "generate-json-schema", *option, "--out", out],
                env={"CODEX_HOME": str(home), "HOME": str(home), "PATH": directory},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=DEADLINE,
                check=False,
            )
            if not done.returncode:
                return dict(_definitions(json.loads((out / BUNDLE).read_text())))
    message = f"Codex {codex.version} writes no schema: {done.stderr.strip()[-200:]}"
    raise CodexNotFoundError(message)


def account_methods(definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the account methods take and answer, as a tree that can be compared.

    By side, method, ``params`` or ``answer``: a mapping from each field to its type, in words.
    """
    methods: dict[str, Any] = {}
    for side in SIDES:
        for variant in definitions.get(side, {}).get("oneOf", ()):
            properties = variant.get("properties", {})
            method = (properties.get("method", {}).get("enum") or [""])[0]
            if not method.startswith(OF_ACCOUNTS):
                continue
            told = {"params": _shape(properties.get("params", {}), definitions)}
            if method in ANSWERS:
                told["answer"] = _shape(definitions.get(ANSWERS[method], {}), definitions)
            methods[f"{side} {method}"] = told
    return methods


def _definitions(bundle: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every definition, those of the newest protocol, which stand a level deeper, last."""
    for name, definition in bundle.get("definitions", {}).items():
        nested = isinstance(definition, dict) and name in ("v1", "v2")
        if not nested:
            yield name, definition
    for version in ("v1", "v2"):
        yield from bundle.get("definitions", {}).get(version, {}).items()


def _shape(schema: Any, definitions: Mapping[str, Any], depth: int = 8) -> Any:
    """Return a schema in short: fields by name, alternatives as a list, values as they are."""
    if not isinstance(schema, dict) or depth == 0:
        return "…"
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _shape(definitions.get(name, {}), definitions, depth)
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            shapes = [_shape(one, definitions, depth - 1) for one in schema[several]]
            return shapes[0] if len(shapes) == 1 else _alternatives(shapes)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "properties" in schema:
        required = schema.get("required", ())
        return {
            name if name in required else f"{name}?": _shape(member, definitions, depth - 1)
            for name, member in sorted(schema["properties"].items())
        }
    kind = schema.get("type", "any")
    return " | ".join(kind) if isinstance(kind, list) else kind


def _alternatives(shapes: list[Any]) -> Any:
    """Return alternatives by their ``type``, where all have one, or in their order."""
    kinds = [shape.get("type") if isinstance(shape, dict) else None for shape in shapes]
    if all(isinstance(kind, str) for kind in kinds):
        return {f"type {kind}": shape for kind, shape in zip(kinds, shapes, strict=True)}
    texts = [shape for shape in shapes if isinstance(shape, str)]
    return " | ".join(texts) if len(texts) == len(shapes) else shapes
