"""codex exec finds a token of a workspace that policy forbids, of a person or of an agent.

It asks whose it is, logs out, and says why.
"""

from collections.abc import Mapping

from harness import (
    OTHER_AGENTS,
    AgentIdentity,
    Applies,
    Auth,
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

PINNED = "enforce_login_restrictions_logs_out_for_{}_workspace_mismatch"
JWKS = "GET /backend-api/wham/agent-identities/jwks"
TASK = "POST /v1/agent/agent-1/task/register"
TOKENS: Mapping[str, tuple[Auth, Mapping[str, int], Applies]] = {
    "personal_access_token": (
        PersonalAccessToken(),
        {"GET /v1/user-auth-credential/whoami": 2},
        Applies(">=0.140.0", "personal access tokens came with 0.138.0"),
    ),
    "agent_identity": (AgentIdentity(), {JWKS: 1, TASK: 1}, OTHER_AGENTS),
}

scenarios = {
    name: Scenario(
        auth=auth,
        config={"forced_chatgpt_workspace_id": "workspace-2"},
        applies=applies,
        story=[do.exec(), do.look()],
        upstream={"story": [PINNED.format(name)]},
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
            home=Home(auth_json="removed"),
            requests=Requests(counts={**asked, "POST /v1/responses": 0}),
        ),
    )
    for name, (auth, asked, applies) in TOKENS.items()
}
