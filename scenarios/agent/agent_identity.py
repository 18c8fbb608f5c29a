"""The stored sign-in is the signed token of an agent, as ``codex login --with-access-token`` does.

Each load checks it against the keys of its authority and registers what the agent is about to do.
Codex shows the account as one of ChatGPT, and gives the token to nobody who asks for it.
"""

from harness import OTHER_AGENTS, AgentIdentity, Scenario

scenario = Scenario(
    auth=AgentIdentity(),
    applies=OTHER_AGENTS,
    upstream={"read": ["file_storage_loads_agent_identity_as_jwt"]},
)
