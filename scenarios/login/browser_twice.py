"""A person begins a second login with a browser: it takes the port, and the first is given up.

How the first ends is a race: it is said before or, as on one core, after the answer to the second,
as cancelled or as not completed.
"""

from harness import (
    ASKED_BY_BROWSER,
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
    either,
    login_completed,
    matching,
    stored_tokens,
)

CANCELLED = login_completed(
    "login-1", error=matching(r"^Login server error: Login (cancelled|was not completed)$")
)
ANSWER = {"result": {"type": "chatgpt", "loginId": "login-2"}}
SIGNED_IN_BY_SECOND = [login_completed("login-2"), account_updated("chatgpt", "pro")]

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
            login_2=Login(messages=either([CANCELLED, ANSWER], [ANSWER])),
            call=Called(result={"status": "notFound"}),
            hear=Heard(
                messages=either(SIGNED_IN_BY_SECOND, [CANCELLED, *SIGNED_IN_BY_SECOND]),
            ),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key")),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
)
