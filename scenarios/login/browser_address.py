"""The address to which a login with a browser sends a person, and what it says of the login."""

from harness import (
    Applies,
    Called,
    Deviation,
    Expect,
    Heard,
    Login,
    Scenario,
    Story,
    do,
    login_completed,
    matching,
)

ADDRESS = {
    "at": "http://backend/login/oauth/authorize",
    "client_id": "app_EMoamEEZ73f0CkXaXp7hrann",
    "code_challenge_method": "S256",
    "codex_cli_simplified_flow": "true",
    "id_token_add_organizations": "true",
    "originator": "codex-auth-scenarios",
    "redirect_uri": "http://127.0.0.1:1455/auth/callback",
    "response_type": "code",
    "scope": matching("^openid profile email offline_access"),
}
BACK_BY_NAME = {"redirect_uri": "http://localhost:1455/auth/callback"}
OLDER = {"at": "https://auth.openai.com/oauth/authorize", **BACK_BY_NAME}
NOT_COMPLETED = login_completed("login-1", error="Login server error: Login was not completed")

scenarios = {
    variant: Scenario(
        config=config,
        env=env,
        applies=Applies(releases, "older releases know of no such thing"),
        story=[
            do.login({"type": "chatgpt"}),
            do.call("account/login/cancel", {"loginId": "login-1"}),
            do.hear("account/login/completed"),
        ],
        expect=Expect(
            story=Story(
                login=Login(auth_url=ADDRESS | said),
                call=Called(result={"status": "canceled"}),
                hear=Heard(messages=[NOT_COMPLETED]),
            )
        ),
        deviations=[
            Deviation(
                ">=0.154.0,<0.158.0",
                Expect(story=Story(login=Login(auth_url=ADDRESS | said | BACK_BY_NAME))),
                reason="it comes back to a name, not to an address",
            ),
            Deviation(
                "<0.154.0",
                Expect(story=Story(login=Login(auth_url=ADDRESS | said | OLDER))),
                reason="the issuer cannot be chosen",
            ),
        ],
        upstream={"story": pinned},
    )
    for variant, config, env, said, releases, pinned in (
        ("plain", {}, {}, {}, ">=0.93.0", []),
        (
            "forced_workspace",
            {"forced_chatgpt_workspace_id": "workspace-2"},
            {},
            {"allowed_workspace_id": "workspace-2"},
            ">=0.93.0",
            ["login_account_chatgpt_includes_forced_workspace_query_param"],
        ),
        (
            "forced_workspaces",
            {"forced_chatgpt_workspace_id": ["workspace-2", "workspace-3"]},
            {},
            {"allowed_workspace_id": "workspace-2,workspace-3"},
            ">=0.131.0",
            [
                "login_account_chatgpt_includes_forced_workspace_allowlist_query_param",
                "login_server_includes_forced_workspaces_as_one_query_param",
            ],
        ),
        (
            "client_id",
            {},
            {"CODEX_APP_SERVER_LOGIN_CLIENT_ID": "client-of-the-scenario"},
            {"client_id": "client-of-the-scenario"},
            ">=0.141.0",
            ["login_account_chatgpt_uses_debug_oauth_overrides"],
        ),
    )
}
