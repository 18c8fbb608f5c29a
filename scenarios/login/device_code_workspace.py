"""config.toml forces workspaces, and a login by device code must be of one of them."""

from harness import (
    OWN_ISSUER,
    Expect,
    Heard,
    Home,
    Read,
    Requests,
    Scenario,
    Story,
    account_updated,
    asked_by_device,
    do,
    login_completed,
    stored_tokens,
)

STORY = [
    do.login({"type": "chatgptDeviceCode"}),
    do.hear("account/login/completed"),
    do.read(),
]
ASKED = asked_by_device()

scenarios = {
    "other": Scenario(
        applies=OWN_ISSUER,
        config={"forced_chatgpt_workspace_id": "workspace-2"},
        story=STORY,
        expect=Expect(
            story=Story(
                hear=Heard(
                    messages=[
                        login_completed(
                            "login-1",
                            error="Login is restricted to workspace id(s) workspace-2.",
                        )
                    ]
                )
            ),
            requests=Requests(counts=ASKED),
        ),
        upstream={"story": ["device_code_login_rejects_workspace_mismatch"]},
    ),
    "one_of_two": Scenario(
        applies=OWN_ISSUER,
        config={"forced_chatgpt_workspace_id": ["workspace-2", "workspace-1"]},
        story=[STORY[0], do.hear("account/updated"), STORY[2]],
        expect=Expect(
            story=Story(
                hear=Heard(
                    messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]
                ),
                read=Read(account={"type": "chatgpt", "planType": "pro"}),
            ),
            home=Home(auth_json="created", auth=stored_tokens(1)),
            requests=Requests(counts=ASKED),
        ),
    ),
}
