"""A person logs in by entering a code on another device; Codex asks until that is done."""

from harness import (
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Home,
    Login,
    Ran,
    Read,
    Requests,
    Scenario,
    Story,
    account_updated,
    asked_by_device,
    do,
    login_completed,
    refuse,
    stored_tokens,
)

scenario = Scenario(
    applies=OWN_ISSUER,
    backend=Backend(device=[refuse(403)]),
    story=[
        do.login({"type": "chatgptDeviceCode"}),
        do.hear("account/updated"),
        do.read(),
        do.run("login", "status"),
        do.exec(),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    {
                        "result": {
                            "type": "chatgptDeviceCode",
                            "loginId": "login-1",
                            "verificationUrl": "http://backend/login/codex/device",
                            "userCode": "CODE-12345",
                        }
                    }
                ]
            ),
            hear=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
            read=Read(
                account={"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
            ),
            run=Ran(text="Logged in using ChatGPT"),
            exec=Ran(bearers=["access-1"], account_ids=["workspace-1"]),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1)),
        requests=Requests(counts=asked_by_device(polls=2)),
    ),
    upstream={"story": ["login_account_chatgpt_device_code_succeeds_and_notifies"]},
)
