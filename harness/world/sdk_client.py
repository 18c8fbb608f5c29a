"""A small program on the official Python SDK of Codex, which ``do.sdk`` runs in a world.

It is told what to do as JSON, ``{"codex": PATH, "api_key": KEY or null}``, and prints what the SDK
gives, or raises, as one line of JSON.
"""

# ruff: noqa: E402 - what makes the import of the SDK cheap comes before it

from __future__ import annotations

import gc
import json
import sys
from typing import Any

from pydantic import BaseModel, ValidationError

# A thousand models are built by the import, of which a turn needs a few: half a second of one.
gc.disable()
BaseModel.model_config["defer_build"] = True

from openai_codex import Codex, CodexConfig

# Nor are they looked through at the end, a tenth of a second for those of no use.
gc.freeze()

PROMPT = "Say one word."


def main() -> None:
    """Start the Codex, log in if a key is given, ask for the account, run a turn on a thread."""
    told = json.loads(sys.argv[1])
    seen: dict[str, Any] = {"account": None, "outcome": "completed", "message": None}
    try:
        with Codex(CodexConfig(codex_bin=told["codex"])) as codex:
            if told["api_key"]:
                codex.login_api_key(told["api_key"])
            account = codex.account().model_dump(mode="json", by_alias=True)
            seen["account"] = account["account"]
            seen["outcome"] = codex.thread_start().run(PROMPT).status.value
    except Exception as error:  # noqa: BLE001 - whatever the SDK raises is what is seen
        seen |= {"outcome": type(error).__name__, "message": _text(error)}
    sys.stdout.write(json.dumps(seen) + "\n")


def _text(error: Exception) -> str:
    """Return what an error says by itself.

    Pydantic's quotes ids and an address; that of a Codex which ended quotes its standard error.
    """
    if not isinstance(error, ValidationError):
        return str(error).partition(" stderr_tail=")[0]
    wrong = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return f"{error.title}: {', '.join(wrong)}"


if __name__ == "__main__":
    main()
