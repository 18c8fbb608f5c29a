"""A person begins a second login with a browser: it takes the port, and the first is given up."""

from harness import (
    OWN_ISSUER,
    Called,
    Expect,
    Heard,
    Home,
    Login,
    Requests,
    Scenario,
    Story,
    account_updated,
    do,
    login_completed,
    stored_tokens,
)

scenario = Scenario(
    applies=OWN_ISSUER,
    story=[
        do.login({"type": "chatgpt"}),
        do.login({"type": "chatgpt"}),
        do.call("account/login/cancel", {"loginId": "login-1"}),
        do.visit(),
        do.hear("account/updated"),
    ],
    expect=Expect(
        story=Story(
            login_2=Login(
                messages=[
                    login_completed("login-1", error="Login server error: Login cancelled"),
                    {"result": {"type": "chatgpt", "loginId": "login-2"}},
                ]
            ),
            call=Called(result={"status": "notFound"}),
            hear=Heard(messages=[login_completed("login-2"), account_updated("chatgpt", "pro")]),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key")),
        requests=Requests(
            counts={
                "POST /login/oauth/token authorization_code": 1,
                "POST /login/oauth/token token-exchange": 1,
            }
        ),
    ),
)
