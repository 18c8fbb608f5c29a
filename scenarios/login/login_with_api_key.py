"""A person logs in with an API key: it is all that remains, and what is used, whatever lay there.

The tokens of a sign-in that it replaces are forgotten, but not revoked.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Expect,
    File,
    Home,
    NoAuth,
    RawAuth,
    Read,
    Scenario,
    Status,
    Story,
    Turn,
    do,
)

ANEW = [
    "login_account_api_key_succeeds_and_notifies",
    "get_account_with_api_key",
    "get_auth_status_with_api_key",
    "get_auth_status_with_api_key_no_include_token",
    "get_auth_status_with_api_key_refresh_requested",
]
OVER = ["login_with_api_key_overwrites_existing_auth_json"]

scenarios = {
    variant: Scenario(
        auth=auth,
        story=[
            do.login({"type": "apiKey", "apiKey": "sk-of-the-login"}),
            do.look(),
            do.read(),
            do.status(),
            do.status(token=False),
            do.status(refresh=True),
            do.turn(),
        ],
        expect=Expect(
            story=Story(
                look=File(auth_json=becomes, auth={"auth_mode": "apikey", "OPENAI_API_KEY": key}),
                read=Read(account={"type": "apiKey"}),
                status=Status(auth_method="apikey", auth_token=key),
                status_2=Status(auth_method="apikey"),
                status_3=Status(auth_method="apikey", auth_token=key),
                turn=Turn(bearers=[key], account_ids=[None]),
            ),
            home=Home(
                auth_json=becomes,
                auth={"auth_mode": "apikey", "OPENAI_API_KEY": key},
                layout=True,
            ),
        ),
        upstream={"story": pinned},
        reports=["openai/codex#20871"],
    )
    for variant, auth, becomes, key, pinned in (
        ("over_nothing", NoAuth(), "created", "api-key", ANEW),
        ("over_key", ApiKeyAuth("sk-in-the-home"), "rewritten", "api-key-2", OVER),
        ("over_tokens", SIGNED_IN, "rewritten", "api-key", OVER),
        ("over_junk", RawAuth("not JSON"), "rewritten", "api-key", OVER),
    )
}
