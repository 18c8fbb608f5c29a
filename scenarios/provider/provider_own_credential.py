"""The provider of the model has a credential of its own: it wins over the sign-in in auth.json.

It does so even where the provider wants a sign-in, which Codex shows as the account all the same.
"""

from harness import SIGNED_IN, ApiKeyAuth, Auth, Expect, NoAuth, Scenario, Turn

GATEWAY = {"name": "gateway", "base_url": "http://backend/v1", "wire_api": "responses"}
OWN = {
    "env_key": ({"env_key": "GATEWAY_KEY"}, "$GATEWAY_KEY"),
    "bearer": ({"experimental_bearer_token": "token-of-config"}, "token-of-config"),
}
FILES: dict[str, Auth] = {"no_file": NoAuth(), "chatgpt": SIGNED_IN, "api_key": ApiKeyAuth()}

scenarios = {
    f"{name}-{file}" + ("-wants_sign_in" if wants else ""): Scenario(
        auth=auth,
        stages=["session"],
        env={"GATEWAY_KEY": "key-of-the-gateway"},
        config={
            "model_provider": "gateway",
            "model_providers": {"gateway": {**GATEWAY, **own, "requires_openai_auth": wants}},
        },
        expect=Expect(turn=Turn(bearers=[bearer], account_ids=[None])),
        reports=["openai/codex#17800", "Wei-Shaw/claude-relay-service#1126"] if wants else [],
    )
    for name, (own, bearer) in OWN.items()
    for file, auth in FILES.items()
    for wants in (False, True)
    if file != "no_file" or not wants
}
