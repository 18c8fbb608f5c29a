"""``codex login --with-access-token`` is given the signed token of an agent, checks it, stores it.

An app-server in the same home then sends the assertions of that agent.
"""

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
    Turn,
    do,
)

STORED = {"auth_mode": "agentIdentity", "OPENAI_API_KEY": None, "agent_identity": "agent-identity"}

scenario = Scenario(
    story=[
        do.run("login", "--with-access-token", stdin=AgentIdentity()),
        do.look(),
        do.run("login", "status"),
        do.turn(),
    ],
    applies=OTHER_AGENTS,
    expect=Expect(
        story=Story(
            run=Ran(text="Reading access token from stdin...\nSuccessfully logged in"),
            look=File(auth_json="created", auth=STORED),
            run_2=Ran(text="Logged in using access token"),
            turn=Turn(bearers=["agent-1 at task-1"], account_ids=["workspace-1"]),
        ),
        home=Home(auth_json="created", auth=STORED),
        requests=Requests(
            counts={
                "GET /backend-api/wham/agent-identities/jwks": 4,
                "POST /v1/agent/agent-1/task/register": 3,
            }
        ),
    ),
    upstream={
        "story": ["login_with_access_token_writes_agent_identity_jwt"],
        "home": ["file_storage_round_trips_agent_identity_auth"],
    },
)
