"""config.toml forces a login method: codex exec runs with it, and deletes a sign-in of the other.

The app-server takes such a sign-in for none and leaves it where it is; codex exec logs the user
out, without a request to revoke the tokens, and the next run knows only that nobody is signed in.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Auth,
    Expect,
    Home,
    NoAuth,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
)

CHATGPT, API = {"forced_login_method": "chatgpt"}, {"forced_login_method": "api"}
FORBIDDEN: dict[str, tuple[Auth, dict[str, str], str]] = {
    "chatgpt-has-api-key": (
        ApiKeyAuth(),
        CHATGPT,
        "ChatGPT login is required, but an API key is currently being used. Logging out.",
    ),
    "api-has-chatgpt": (
        SIGNED_IN,
        API,
        "API key login is required, but ChatGPT is currently being used. Logging out.",
    ),
}

scenarios = {
    "chatgpt-has-chatgpt": Scenario(auth=SIGNED_IN, config=CHATGPT, story=[do.exec()]),
    "chatgpt-has-none": Scenario(auth=NoAuth(), config=CHATGPT, story=[do.exec()]),
    "api-has-api-key": Scenario(auth=ApiKeyAuth(), config=API, story=[do.exec()]),
} | {
    name: Scenario(
        auth=auth,
        config=config,
        story=[do.exec(), do.exec()],
        expect=Expect(
            story=Story(
                exec=Ran(exit_code=1, text=why, bearers=[], account_ids=[]),
                exec_2=Ran(bearers=[None], account_ids=[None]),
            ),
            home=Home(auth_json="removed", auth=None, layout=None, mode=None),
            requests=Requests(counts={"POST /v1/responses": 1}),
        ),
        upstream={"story": ["enforce_login_restrictions_logs_out_for_method_mismatch"]},
    )
    for name, (auth, config, why) in FORBIDDEN.items()
}
