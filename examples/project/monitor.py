"""What this project is about: it says who is signed in to Codex, as a status line does."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any


def signed_in_as(codex_home: Path) -> str:
    """Return who is signed in: an e-mail address and a plan, a kind of sign-in, or nobody."""
    try:
        auth = json.loads((codex_home / "auth.json").read_text())
    except (OSError, ValueError):
        return "nobody"
    if auth.get("OPENAI_API_KEY"):
        return "an API key"
    claims = _payload(auth["tokens"]["id_token"])
    plan = claims.get("https://api.openai.com/auth", {}).get("chatgpt_plan_type", "unknown")
    return f"{claims.get('email', 'somebody')} ({plan})"


def _payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return payload


if __name__ == "__main__":
    print(signed_in_as(Path(os.environ["CODEX_HOME"])))
