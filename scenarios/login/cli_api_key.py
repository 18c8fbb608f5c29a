"""`codex login --with-api-key` reads a key from its standard input: it is all that remains."""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Deviation,
    Expect,
    File,
    Home,
    NoAuth,
    Ran,
    Scenario,
    Story,
    do,
)

scenarios = {
    variant: Scenario(
        auth=auth,
        story=[
            do.run("-c", 'forced_login_method="api"', "login", "--with-api-key", stdin=" sk-new\n"),
            do.look(),
            do.exec(),
        ],
        expect=Expect(
            story=Story(
                run=Ran(text="Reading API key from stdin...\nSuccessfully logged in"),
                look=File(auth_json=becomes, auth={"auth_mode": "apikey", "OPENAI_API_KEY": key}),
                exec=Ran(bearers=[key], account_ids=[None]),
            ),
            home=Home(
                auth_json=becomes,
                auth={"auth_mode": "apikey", "OPENAI_API_KEY": key},
                layout=True,
            ),
        ),
        deviations=[
            Deviation(
                ">=0.164.0",
                Expect(
                    story=Story(
                        run=Ran(
                            text="Reading API key from stdin...\nAPI key saved. "
                            "Authentication is checked when you send a request."
                        )
                    )
                ),
                reason="nobody has tried the key, and Codex says so",
            )
        ],
        upstream={"story": ["login_with_api_key_reads_stdin_and_writes_auth_json"]},
        reports=["openai/codex#20871"],
    )
    for variant, auth, becomes, key in (
        ("over_nothing", NoAuth(), "created", "api-key"),
        ("over_key", ApiKeyAuth("sk-in-the-home"), "rewritten", "api-key-2"),
        ("over_tokens", SIGNED_IN, "rewritten", "api-key"),
    )
}
