"""While a login with a browser is pending, another way is taken: the first is given up.

Codex says so in its own time: before the answer to the other login, or after.
"""

from harness import (
    Called,
    Expect,
    Home,
    HostTokens,
    Login,
    Scenario,
    Status,
    Story,
    account_updated,
    do,
    either,
    login_completed,
)

GIVEN_UP = login_completed("login-1", error="Login server error: Login was not completed")
KEY = {"auth_mode": "apikey", "OPENAI_API_KEY": "api-key"}

scenarios = {
    variant: Scenario(
        story=[
            do.login({"type": "chatgpt"}),
            do.login(other),
            do.call("account/login/cancel", {"loginId": "login-1"}),
            do.status(),
        ],
        expect=Expect(
            story=Story(
                login_2=Login(
                    messages=either(
                        *([*said[:n], GIVEN_UP, *said[n:]] for n in range(len(said) + 1))
                    )
                ),
                call=Called(result={"status": "notFound"}),
                status=Status(auth_method=method, auth_token=token),
            ),
            home=home,
        ),
        upstream={"story": pinned},
    )
    for variant, other, said, method, token, home, pinned in (
        (
            "by_api_key",
            {"type": "apiKey", "apiKey": "sk-of-the-login"},
            [{"result": {"type": "apiKey"}}, login_completed(), account_updated("apikey")],
            "apikey",
            "api-key",
            Home(auth_json="created", auth=KEY),
            [],
        ),
        (
            "by_host",
            HostTokens(),
            [
                {"result": {"type": "chatgptAuthTokens"}},
                login_completed(),
                account_updated("chatgptAuthTokens", "pro"),
            ],
            "chatgptAuthTokens",
            "host-0",
            Home(),
            ["set_auth_token_cancels_active_chatgpt_login"],
        ),
    )
}
