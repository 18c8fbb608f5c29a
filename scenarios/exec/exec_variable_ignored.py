"""OPENAI_API_KEY is in the environment: codex exec does not look at it, signed in or not."""

from harness import SIGNED_IN, ApiKeyAuth, Auth, NoAuth, Scenario, do

STATES: dict[str, Auth] = {"chatgpt": SIGNED_IN, "api-key": ApiKeyAuth(), "none": NoAuth()}

scenarios = {
    name: Scenario(
        auth=auth,
        env={"OPENAI_API_KEY": "sk-of-the-environment"},
        story=[do.exec()],
        reports=["openai/codex#7323", "intellectronica/ruler#272"],
    )
    for name, auth in STATES.items()
}
