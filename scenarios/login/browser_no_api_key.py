"""The issuer gives tokens, but no API key for the id token: the login goes well without."""

from harness import (
    ASKED_BY_BROWSER,
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    account_updated,
    do,
    login_completed,
    refuse,
    stored_tokens,
)

scenario = Scenario(
    applies=OWN_ISSUER,
    backend=Backend(api_key=refuse(500)),
    story=[
        do.login({"type": "chatgpt"}),
        do.visit(),
        do.hear("account/updated"),
        do.status(),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            hear=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
            status=Status(auth_method="chatgpt", auth_token="access-1"),
            turn=Turn(bearers=["access-1"], account_ids=["workspace-1"]),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1)),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
)
