"""Two Codexes wait for a browser, for which there is one port: the first gives it up."""

from harness import (
    ASKED_BY_BROWSER,
    OWN_ISSUER,
    Expect,
    Heard,
    Home,
    Requests,
    Scenario,
    Story,
    account_updated,
    do,
    login_completed,
    stored_tokens,
)

GIVEN_UP = login_completed("login-1", error="Login server error: Login cancelled")

scenario = Scenario(
    applies=OWN_ISSUER,
    story=[
        do.login({"type": "chatgpt"}),
        do.login({"type": "chatgpt"}, on="second"),
        do.hear("account/login/completed"),
        do.visit(on="second"),
        do.hear("account/updated", on="second"),
    ],
    expect=Expect(
        story=Story(
            hear=Heard(messages=[GIVEN_UP]),
            second_hear=Heard(
                messages=[login_completed("login-2"), account_updated("chatgpt", "pro")]
            ),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key")),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
    upstream={"story": ["cancels_previous_login_server_when_port_is_in_use"]},
)
