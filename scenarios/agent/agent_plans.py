"""The token of an agent names a plan as its authority calls it: Codex has another name for it."""

from harness import OTHER_AGENTS, AgentIdentity, Scenario, signed_in

ALIASES = {"hc": "enterprise", "education": "education"}

scenarios = {
    plan: Scenario(
        auth=AgentIdentity(claims=signed_in(plan_type=plan).claims),
        stages=["session"],
        applies=OTHER_AGENTS,
        upstream={"read": [f"agent_identity_plan_type_maps_raw_{alias}_alias"]},
    )
    for plan, alias in ALIASES.items()
}
