"""A member that Codex wants is missing, null or a number, which makes the whole file useless.

An empty text in its place does not, see ``empty_refresh_token`` and ``blank_api_key``.
"""

from harness import LEFT_OUT, SIGNED_IN, ApiKeyAuth, Scenario, Unreadable, edited

MISSING = "missing field `{}` at line 8 column 3"
TOKENS = {
    "no-refresh-token": ({"refresh_token": LEFT_OUT}, MISSING.format("refresh_token")),
    "null-refresh-token": (
        {"refresh_token": None},
        "invalid type: null, expected a string at line 7 column 25",
    ),
    "no-access-token": ({"access_token": LEFT_OUT}, MISSING.format("access_token")),
    "number-account-id": (
        {"account_id": 5},
        "invalid type: integer `5`, expected a string at line 8 column 19",
    ),
}
KEYS = {"no-key": LEFT_OUT, "null-key": None}

scenarios = {
    name: Scenario(auth=edited(SIGNED_IN, tokens=changes), taken_for=Unreadable(fault))
    for name, (changes, fault) in TOKENS.items()
} | {
    name: Scenario(
        auth=edited(ApiKeyAuth(), OPENAI_API_KEY=key),
        stages=["session", "cli"],
        taken_for=Unreadable("API key auth is missing a key.", of="other"),
    )
    for name, key in KEYS.items()
}
