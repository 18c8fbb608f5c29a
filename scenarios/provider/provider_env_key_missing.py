"""The variable that should hold the key of the provider is not set, or is empty: the turn fails.

The good sign-in in auth.json does not stand in for it, not even where the provider wants one.
"""

from harness import SIGNED_IN, Expect, Requests, Scenario, Turn

GATEWAY = {
    "name": "gateway",
    "base_url": "http://backend/v1",
    "wire_api": "responses",
    "env_key": "GATEWAY_KEY",
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        env=env,
        config={
            "model_provider": "gateway",
            "model_providers": {"gateway": {**GATEWAY, "requires_openai_auth": wants}},
        },
        expect=Expect(
            turn=Turn(
                outcome="failed",
                message="Missing environment variable: `GATEWAY_KEY`.",
                kind="other",
                bearers=[],
                account_ids=[],
            ),
            requests=Requests(counts={"POST /v1/responses": 0}),
        ),
    )
    for name, env, wants in [
        ("missing", {}, False),
        ("missing-wants_sign_in", {}, True),
        ("empty", {"GATEWAY_KEY": ""}, False),
    ]
}
