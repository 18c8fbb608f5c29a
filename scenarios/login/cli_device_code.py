"""`codex login --device-auth`: a person enters a code on another device, and is signed in."""

from harness import (
    LOCKED,
    Backend,
    Expect,
    File,
    Home,
    Ran,
    Read,
    Requests,
    Scenario,
    Story,
    Turn,
    asked_by_device,
    do,
    matching,
    refuse,
    stored_tokens,
)

scenario = Scenario(
    backend=Backend(device=[refuse(404), refuse(403)]),
    story=[
        do.run("login", "--device-auth", "--experimental_issuer", "{backend}/login"),
        do.look(),
        do.run("login", "status"),
        do.read(),
        do.turn(),
        do.run("logout"),
        do.look(),
    ],
    expect=Expect(
        story=Story(
            run=Ran(
                text=matching(
                    r"(?s)http://backend/login/codex/device.*CODE-12345.*Successfully logged in$"
                )
            ),
            look=File(auth_json="created", auth=stored_tokens(1), layout=True, mode="0600"),
            run_2=Ran(text="Logged in using ChatGPT"),
            read=Read(
                account={"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
            ),
            turn=Turn(bearers=["access-1"], account_ids=["workspace-1"]),
            run_3=Ran(text="Successfully logged out"),
            look_2=File(auth_json="removed"),
        ),
        home=Home(appeared=LOCKED),
        requests=Requests(
            counts={
                **asked_by_device(polls=3),
                "POST /oauth/revoke": 1,
            },
            revoked=["refresh-1"],
        ),
    ),
    upstream={"story": ["device_code_login_integration_succeeds"]},
    reports=["openai/codex#9327"],
)
