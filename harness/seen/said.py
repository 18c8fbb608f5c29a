"""What Codex says and stores in many states alike, as short words for expectations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LOCKED: Final = ("auth.json.lock", "auth.lock")
"""What newer releases leave beside an ``auth.json`` that they were about to write or to remove."""


ASKED_BY_BROWSER: Final = {
    "POST /login/oauth/token authorization_code": 1,
    "POST /login/oauth/token token-exchange": 1,
}
"""What a login with a browser asks the issuer, to its end: tokens for the code, a key for them."""


def asked_by_device(*, polls: int = 1) -> Mapping[str, int]:
    """Return what a login by device code asks the issuer, to its end.

    ``polls``: how often it asks whether the code is entered.
    """
    return {
        "POST /login/api/accounts/deviceauth/token": polls,
        "POST /login/api/accounts/deviceauth/usercode": 1,
        "POST /login/oauth/token authorization_code": 1,
    }


def login_completed(login: str | None = None, *, error: Any = None) -> Mapping[str, Any]:
    """Return the notification that a login has ended, well or with ``error``.

    ``login``: the name of a login that a person ends, ``"login-1"``; ``None``: any other.
    """
    params = {"loginId": login, "success": error is None, "error": error}
    return {"method": "account/login/completed", "params": params}


def account_updated(auth_mode: str | None, plan_type: str | None = None) -> Mapping[str, Any]:
    """Return the notification that somebody else, or nobody, is signed in now."""
    params = {"authMode": auth_mode, "planType": plan_type}
    return {"method": "account/updated", "params": params}


def stored_tokens(
    serial: int | str, *, account_id: str | None = "workspace-1", api_key: str | None = None
) -> Mapping[str, Any]:
    """Return the ``auth.json`` of a ChatGPT sign-in, tokens by name.

    Args:
        serial: what the names of its tokens end with: 0 for those of the scenario, 1 for those of
            the first grant, ``"put-1"`` for those that a story puts in place first.
        account_id: the account id beside them.
        api_key: the API key beside them.
    """
    return {
        "auth_mode": "chatgpt",
        "OPENAI_API_KEY": api_key,
        "tokens": {
            "id_token": f"id-{serial}",
            "access_token": f"access-{serial}",
            "refresh_token": f"refresh-{serial}",
            "account_id": account_id,
        },
    }
