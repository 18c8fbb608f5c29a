"""A person begins a second login by device code: the first is given up.

Codex says so in its own time: before the answer to the second, or after.
"""

from harness import (
    OWN_ISSUER,
    Backend,
    Called,
    Expect,
    Heard,
    Home,
    Login,
    Read,
    Reply,
    Requests,
    Scenario,
    Story,
    account_updated,
    do,
    either,
    login_completed,
    refuse,
    stored_tokens,
)

USERCODE = Reply(json={"device_auth_id": "device-1", "user_code": "CODE", "interval": "30"})

GIVEN_UP = login_completed("login-1", error="Login was not completed")
BEGUN = {"result": {"type": "chatgptDeviceCode", "loginId": "login-2"}}
SIGNED_IN_NOW = [login_completed("login-2"), account_updated("chatgpt", "pro")]

scenario = Scenario(
    applies=OWN_ISSUER,
    backend=Backend(usercode=[USERCODE], device=[refuse(404)]),
    story=[
        do.login({"type": "chatgptDeviceCode"}),
        do.login({"type": "chatgptDeviceCode"}),
        do.hear("account/updated"),
        do.call("account/login/cancel", {"loginId": "login-1"}),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            login_2=Login(messages=either([GIVEN_UP, BEGUN], [BEGUN])),
            hear=Heard(messages=either(SIGNED_IN_NOW, [GIVEN_UP, *SIGNED_IN_NOW])),
            call=Called(result={"status": "notFound"}),
            read=Read(account={"type": "chatgpt", "planType": "pro"}),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1)),
        requests=Requests(
            counts={
                "POST /login/api/accounts/deviceauth/token": 2,
                "POST /login/api/accounts/deviceauth/usercode": 2,
                "POST /login/oauth/token authorization_code": 1,
            }
        ),
    ),
    reports=["lidge-jun/opencodex#3366"],
)
