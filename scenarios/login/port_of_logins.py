"""The port to which a browser comes back is taken: another Codex gives it up, a stranger does not.

Codex has a second port to fall back to.
"""

from harness import (
    OWN_ISSUER,
    Applies,
    Expect,
    Heard,
    Home,
    Login,
    Requests,
    RpcError,
    Scenario,
    Story,
    account_updated,
    do,
    login_completed,
    stored_tokens,
)

BROWSER = {"type": "chatgpt"}
STORED = Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key"))
ASKED = Requests(
    counts={
        "POST /login/oauth/token authorization_code": 1,
        "POST /login/oauth/token token-exchange": 1,
    }
)

scenarios = {
    "by_another_codex": Scenario(
        applies=OWN_ISSUER,
        story=[
            do.login(BROWSER),
            do.login(BROWSER, on="second"),
            do.hear("account/login/completed"),
            do.visit(on="second"),
            do.hear("account/updated", on="second"),
        ],
        expect=Expect(
            story=Story(
                hear=Heard(
                    messages=[
                        login_completed("login-1", error="Login server error: Login cancelled")
                    ]
                ),
                second_hear=Heard(
                    messages=[login_completed("login-2"), account_updated("chatgpt", "pro")]
                ),
            ),
            home=STORED,
            requests=ASKED,
        ),
        upstream={"story": ["cancels_previous_login_server_when_port_is_in_use"]},
    ),
    "by_a_stranger": Scenario(
        applies=OWN_ISSUER,
        story=[do.occupy(), do.login(BROWSER), do.visit(), do.hear("account/updated")],
        expect=Expect(
            story=Story(
                hear=Heard(
                    messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]
                ),
            ),
            home=STORED,
            requests=ASKED,
        ),
        upstream={"story": ["falls_back_to_registered_fallback_port_when_default_port_is_in_use"]},
        reports=["openai/codex#2671"],
    ),
    "by_strangers_both": Scenario(
        applies=Applies(">=0.125.0", "older releases know but one port"),
        story=[do.occupy(), do.occupy(1457), do.login(BROWSER), do.hear()],
        expect=Expect(
            story=Story(
                login=Login(
                    messages=[
                        RpcError(
                            -32603,
                            "failed to start login server: Port 127.0.0.1:1457 is already in use",
                        )
                    ]
                ),
                hear=Heard(messages=[]),
            )
        ),
        reports=["jlcodes99/cockpit-tools#1178"],
    ),
}
