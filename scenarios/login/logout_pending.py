"""A logout gives up a login with a browser that is pending."""

from harness import (
    LOCKED,
    Called,
    Expect,
    Home,
    Logout,
    Scenario,
    Story,
    account_updated,
    do,
    either,
    login_completed,
)

GIVEN_UP = login_completed("login-1", error="Login server error: Login was not completed")
SIGNED_OUT = account_updated(None)

scenario = Scenario(
    story=[
        do.login({"type": "chatgpt"}),
        do.logout(),
        do.call("account/login/cancel", {"loginId": "login-1"}),
    ],
    expect=Expect(
        story=Story(
            logout=Logout(notifications=either([GIVEN_UP, SIGNED_OUT], [SIGNED_OUT, GIVEN_UP])),
            call=Called(result={"status": "notFound"}),
        ),
        home=Home(appeared=LOCKED),
    ),
)
