"""The provider names a variable of its own for the key: codex exec sends that, and no sign-in."""

from harness import SIGNED_IN, Expect, Ran, Requests, Scenario, Story, do

PROVIDER = {
    "model_providers": {"fake": {"env_key": "GATEWAY_API_KEY", "requires_openai_auth": False}}
}

scenarios = {
    "set": Scenario(
        auth=SIGNED_IN,
        config=PROVIDER,
        env={"GATEWAY_API_KEY": "sk-of-the-gateway"},
        story=[do.exec()],
        expect=Expect(story=Story(exec=Ran(bearers=["$GATEWAY_API_KEY"], account_ids=[None]))),
    ),
    "missing": Scenario(
        auth=SIGNED_IN,
        config=PROVIDER,
        story=[do.exec()],
        expect=Expect(
            story=Story(
                exec=Ran(
                    exit_code=1,
                    text="Missing environment variable: `GATEWAY_API_KEY`.",
                    bearers=[],
                    account_ids=[],
                )
            ),
            requests=Requests(counts={"POST /v1/responses": 0}),
        ),
    ),
}
