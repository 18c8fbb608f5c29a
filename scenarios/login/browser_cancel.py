"""A person gives up a login with a browser."""

from harness import (
    Called,
    Expect,
    Heard,
    RpcError,
    Scenario,
    Story,
    do,
    login_completed,
)

NOT_COMPLETED = login_completed("login-1", error="Login server error: Login was not completed")

scenario = Scenario(
    story=[
        do.login({"type": "chatgpt"}),
        do.call("account/login/cancel", {"loginId": "login-1"}),
        do.hear("account/login/completed"),
        do.call("account/login/cancel", {"loginId": "login-1"}),
        do.call("account/login/cancel", {"loginId": "login"}),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            call=Called(result={"status": "canceled"}),
            hear=Heard(messages=[NOT_COMPLETED]),
            call_2=Called(result={"status": "notFound"}),
            call_3=Called(result=None, error=RpcError(-32600, "invalid login id: login")),
        )
    ),
    upstream={"story": ["login_account_chatgpt_start_can_be_cancelled"]},
)
