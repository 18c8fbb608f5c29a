"""A person logs in with a browser: Codex stores the tokens, and an API key that comes with them."""

from harness import (
    Applies,
    Expect,
    Heard,
    Home,
    Login,
    Read,
    Requests,
    Scenario,
    Story,
    Turn,
    Visited,
    account_updated,
    do,
    login_completed,
    matching,
    stored_tokens,
)

scenario = Scenario(
    applies=Applies(">=0.154.0", "older releases ask the issuer of OpenAI alone"),
    story=[
        do.login({"type": "chatgpt"}),
        do.visit(),
        do.hear("account/updated"),
        do.read(),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    {"result": {"type": "chatgpt", "loginId": "login-1", "authUrl": "auth-url-1"}}
                ],
                auth_url={
                    "at": "http://backend/login/oauth/authorize",
                    "response_type": "code",
                    "scope": matching("^openid profile email offline_access"),
                    "code_challenge_method": "S256",
                    "originator": "codex-auth-scenarios",
                },
            ),
            visit=Visited(
                location=matching("^/success\\?id_token=id-1&"), text=matching("Signed in to Codex")
            ),
            hear=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
            read=Read(
                account={"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
            ),
            turn=Turn(bearers=["access-1"], account_ids=["workspace-1"]),
        ),
        home=Home(
            auth_json="created",
            auth=stored_tokens(1, api_key="exchanged-key"),
            layout=True,
            mode="0600",
        ),
        requests=Requests(
            counts={
                "POST /login/oauth/token authorization_code": 1,
                "POST /login/oauth/token token-exchange": 1,
            }
        ),
    ),
)
