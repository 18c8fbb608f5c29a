"""A person logs in with a browser: Codex stores the tokens, and an API key that comes with them."""

from harness import (
    ASKED_BY_BROWSER,
    OWN_ISSUER,
    Expect,
    Heard,
    Home,
    Read,
    Requests,
    Scenario,
    Story,
    Turn,
    account_updated,
    do,
    login_completed,
    stored_tokens,
)

scenario = Scenario(
    applies=OWN_ISSUER,
    story=[
        do.login({"type": "chatgpt"}),
        do.visit(),
        do.hear("account/updated"),
        do.read(),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            hear=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
            read=Read(
                account={"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
            ),
            turn=Turn(bearers=["access-1"], account_ids=["workspace-1"]),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key")),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
)
