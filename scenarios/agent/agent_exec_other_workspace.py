"""codex exec finds the identity of an agent of a workspace that policy forbids: it logs out."""

from harness import (
    OTHER_AGENTS,
    AgentIdentity,
    Expect,
    File,
    Home,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
)

scenario = Scenario(
    auth=AgentIdentity(),
    config={"forced_chatgpt_workspace_id": "workspace-2"},
    story=[do.exec(), do.look()],
    applies=OTHER_AGENTS,
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
        requests=Requests(
            counts={
                "GET /backend-api/wham/agent-identities/jwks": 1,
                "POST /v1/agent/agent-1/task/register": 1,
                "POST /v1/responses": 0,
            }
        ),
    ),
    upstream={
        "story": ["enforce_login_restrictions_logs_out_for_agent_identity_workspace_mismatch"]
    },
)
