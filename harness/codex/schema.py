"""The protocol of a Codex as JSON Schema, which the very binary writes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from harness.codex.binary import Codex, CodexNotFoundError
from harness.codex.command import Command
from harness.codex.process import Ending

DEADLINE: Final = 10.0
"""Seconds that a Codex may take to write its schema; 0.169.0 takes 0.3."""

BUNDLE: Final = "codex_app_server_protocol.schemas.json"
SIDES: Final = ("ClientRequest", "ServerRequest", "ServerNotification")
"""The definitions that list what may be asked or told, by whom."""

OF_ACCOUNTS: Final = ("account/", "accountSession/", "getAuthStatus")
"""How the methods begin that are about accounts."""

ANSWERS: Final = {
    "account/read": "GetAccountResponse",
    "account/login/start": "LoginAccountResponse",
    "account/login/cancel": "CancelLoginAccountResponse",
    "account/logout": "LogoutAccountResponse",
    "account/rateLimits/read": "GetAccountRateLimitsResponse",
}
"""The definitions of answers that are not called after their methods."""


def answer_to(method: str) -> str:
    """Return the name of the definition of the answer to ``method``.

    The schema does not tie the two, but for their names: ``thread/start``, ``ThreadStartResponse``.
    """
    words = (word[:1].upper() + word[1:] for word in method.split("/"))
    return ANSWERS.get(method) or "".join(words).removeprefix("Account") + "Response"


def bundle_of(codex: Codex, *, root: Path | None = None) -> Mapping[str, Any]:
    """Return the JSON Schema of the protocol of ``codex``, the experimental parts included.

    Args:
        codex: the Codex that writes it.
        root: the directory of the run, which takes its processes with it when it ends.

    Raises:
        CodexNotFoundError: it writes no schema (before 0.93.0, or a script that is no Codex).
    """
    with tempfile.TemporaryDirectory(prefix="codex-auth-scenarios-schema-", dir=root) as directory:
        home = Path(directory)
        # Releases before 0.99.0 do not know --experimental, and leave nothing out.
        for option in (["--experimental"], []):
            said, ending = _write_schema(codex, option, home)
            if ending.exit_code == 0:
                with suppress(OSError, ValueError):
                    return _parsed(home / BUNDLE)
            if ending.exit_code is None:
                said = f"it did not end within {DEADLINE:g} seconds"
                break
    message = f"Codex {codex.version} writes no schema: {said.strip()[-200:]}"
    raise CodexNotFoundError(message)


def _write_schema(codex: Codex, option: Sequence[str], home: Path) -> tuple[str, Ending]:
    """Let ``codex`` write its schema into ``home``; return what it said, and how it ended."""
    # A script needs its interpreter.
    path = os.environ.get("PATH", os.defpath) if codex.is_script else str(home)
    words = ("app-server", "generate-json-schema", *option, "--out", str(home))
    env = {"CODEX_HOME": str(home), "HOME": str(home), "PATH": path}
    try:
        with Command([codex.path, *words], env=env, cwd=home, stderr=home / "stderr") as command:
            ending, said = command.finish(DEADLINE)
            return said, ending
    except OSError as error:
        raise CodexNotFoundError(str(error)) from error


def kept_bundle_of(codex: Codex, kept: Path, *, root: Path | None = None) -> Mapping[str, Any]:
    """Return what ``bundle_of`` does, from the file ``kept`` once it has been asked for.

    Raises:
        CodexNotFoundError: as for ``bundle_of``.
    """
    with suppress(OSError, ValueError):
        return _parsed(kept)
    bundle = bundle_of(codex, root=root)
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: other processes read it.
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False) as unfinished:
        json.dump(bundle, unfinished)
    Path(unfinished.name).rename(kept)
    return bundle


def definitions_of(bundle: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return all definitions of a schema by name, those of the newest protocol over the others."""
    return dict(_definitions(bundle))


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
            answer = definitions.get(answer_to(method))
            if answer:
                told["answer"] = _shape(answer, definitions)
            methods[f"{side} {method}"] = told
    return methods


def _parsed(path: Path) -> Mapping[str, Any]:
    bundle: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return bundle


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
