"""Policy holds for personal access tokens, too: the login method, and the forced workspace.

They count as "chatgpt". Of one that is stored where only "api" is allowed, Codex does not even ask
whose it is; of one in another workspace it asks anew each time, and the command line says why.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Auth,
    CliStatus,
    Deviation,
    Expect,
    NoAuth,
    PersonalAccessToken,
    RefusedToken,
    Scenario,
)

STORED = PersonalAccessToken()
IN_ENVIRONMENT = {"CODEX_ACCESS_TOKEN": "at-scenario-personal-access-token"}
NEW = Applies(">=0.140.0", "personal access tokens came with 0.138.0, policy on them later")
ELSEWHERE = "Login is restricted to workspace id(s) workspace-2."
NOT_SAID = Deviation(
    "<0.147.0",
    Expect(cli_status=CliStatus(exit_code=0, text="Logged in using personal access token")),
    reason="the command line does not hold stored credentials against this policy yet",
)
TOKENS: dict[str, tuple[Auth, dict[str, str], str]] = {
    "stored": (STORED, {}, "auth_manager_rejects_stored_personal_access_token_workspace_mismatch"),
    "in_environment": (
        SIGNED_IN,
        IN_ENVIRONMENT,
        "auth_manager_rejects_env_personal_access_token_workspace_mismatch",
    ),
}

scenarios = {
    "method_chatgpt": Scenario(auth=STORED, config={"forced_login_method": "chatgpt"}, applies=NEW),
    "workspace_match": Scenario(
        auth=STORED, config={"forced_chatgpt_workspace_id": "workspace-1"}, applies=NEW
    ),
    "method_api": Scenario(
        auth=STORED,
        config={"forced_login_method": "api"},
        taken_for=NoAuth(),
        applies=NEW,
        deviations=[
            Deviation(
                "<0.147.0",
                taken_for=STORED,
                reason="stored credentials are not yet held against this policy",
            )
        ],
    ),
} | {
    f"workspace_other-{name}": Scenario(
        auth=auth,
        env=env,
        config={"forced_chatgpt_workspace_id": "workspace-2"},
        taken_for=RefusedToken(ELSEWHERE, in_environment=bool(env)),
        applies=NEW,
        upstream={"read": [test]},
        deviations=[NOT_SAID],
    )
    for name, (auth, env, test) in TOKENS.items()
}
