"""A person gives up a login by device code, which nobody has entered yet."""

from harness import (
    OWN_ISSUER,
    Backend,
    Called,
    Expect,
    Heard,
    Reply,
    Requests,
    Scenario,
    Story,
    at_most,
    do,
    login_completed,
    refuse,
)

USERCODE = Reply(json={"device_auth_id": "device-1", "user_code": "CODE", "interval": "30"})

scenario = Scenario(
    applies=OWN_ISSUER,
    backend=Backend(usercode=USERCODE, device=refuse(404)),
    story=[
        do.login({"type": "chatgptDeviceCode"}),
        do.call("account/login/cancel", {"loginId": "login-1"}),
        do.hear("account/login/completed"),
        do.call("account/login/cancel", {"loginId": "login-1"}),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            call=Called(result={"status": "canceled"}),
            hear=Heard(messages=[login_completed("login-1", error="Login was not completed")]),
            call_2=Called(result={"status": "notFound"}),
        ),
        requests=Requests(
            counts={
                "POST /login/api/accounts/deviceauth/token": at_most(1),
                "POST /login/api/accounts/deviceauth/usercode": 1,
            }
        ),
    ),
    upstream={"story": ["login_account_chatgpt_device_code_can_be_cancelled"]},
)
