"""Somebody is signed in and logs in anew through the app-server, as themselves or as another.

The tokens from before are forgotten, and not revoked, unlike by `codex login`.
"""

from harness import (
    OWN_ISSUER,
    SIGNED_IN,
    Backend,
    Expect,
    Heard,
    Home,
    Requests,
    Scenario,
    Story,
    Turn,
    account_updated,
    do,
    grant,
    login_completed,
    signed_in,
    stored_tokens,
)

OTHER = signed_in(chatgpt_account_id="workspace-2", chatgpt_user_id="user-2", email="b@example.com")
AS_OTHER = Backend(code=grant(claims=OTHER.claims), workspaces=["workspace-1", "workspace-2"])

BROWSER = [do.login({"type": "chatgpt"}), do.visit()]
DEVICE = [do.login({"type": "chatgptDeviceCode"})]
CODE = "POST /login/oauth/token authorization_code"
ASKED_BY_BROWSER = {CODE: 1, "POST /login/oauth/token token-exchange": 1}
ASKED_BY_DEVICE = {
    CODE: 1,
    "POST /login/api/accounts/deviceauth/token": 1,
    "POST /login/api/accounts/deviceauth/usercode": 1,
}

scenarios = {
    variant: Scenario(
        auth=SIGNED_IN,
        applies=OWN_ISSUER,
        backend=backend,
        story=[*begin, do.hear("account/updated"), do.turn()],
        expect=Expect(
            story=Story(
                hear=Heard(
                    messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]
                ),
                turn=Turn(bearers=["access-1"], account_ids=[workspace]),
            ),
            home=Home(
                auth_json="rewritten", auth=stored_tokens(1, account_id=workspace, api_key=key)
            ),
            requests=Requests(counts=counts),
        ),
        reports=["openai/codex#21747"],
    )
    for variant, begin, backend, workspace, key, counts in (
        ("browser", BROWSER, Backend(), "workspace-1", "exchanged-key", ASKED_BY_BROWSER),
        ("browser_as_other", BROWSER, AS_OTHER, "workspace-2", "exchanged-key", ASKED_BY_BROWSER),
        ("device_code_as_other", DEVICE, AS_OTHER, "workspace-2", None, ASKED_BY_DEVICE),
    )
}
