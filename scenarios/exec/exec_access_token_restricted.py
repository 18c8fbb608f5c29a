"""codex exec finds a personal access token of a workspace that policy forbids: it logs out."""

from harness import (
    Applies,
    Expect,
    File,
    Home,
    PersonalAccessToken,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
)

scenario = Scenario(
    auth=PersonalAccessToken(),
    config={"forced_chatgpt_workspace_id": "workspace-2"},
    applies=Applies(">=0.140.0", "personal access tokens came with 0.138.0"),
    story=[do.exec(), do.look()],
    upstream={
        "story": [
            "enforce_login_restrictions_logs_out_for_personal_access_token_workspace_mismatch"
        ]
    },
    expect=Expect(
        story=Story(
            exec=Ran(
                exit_code=1,
                text=(
                    "Login is restricted to workspace(s) workspace-2, but current credentials "
                    "belong to workspace-1. Logging out."
                ),
                bearers=[],
                account_ids=[],
            ),
            look=File(auth_json="removed"),
        ),
        home=Home(auth_json="removed", layout=None, mode=None),
        requests=Requests(
            counts={"GET /v1/user-auth-credential/whoami": 2, "POST /v1/responses": 0}
        ),
    ),
)
