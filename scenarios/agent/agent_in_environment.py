"""CODEX_ACCESS_TOKEN holds the signed token of an agent: it beats whatever auth.json says."""

from harness import OTHER_AGENTS, SIGNED_IN, AgentIdentity, Scenario

AGENT = AgentIdentity()

scenario = Scenario(
    auth=SIGNED_IN,
    env={"CODEX_ACCESS_TOKEN": AGENT},
    taken_for=AGENT,
    applies=OTHER_AGENTS,
    reports=["denoland/clawpatrol#83"],
    upstream={"read": ["load_auth_reads_access_token_from_env"]},
)
