"""config.toml forces ChatGPT: an API key with which a program logs in by the SDK is refused.

The SDK raises what Codex answers, and the sign-in that lies in the home stays.
"""

from harness import SIGNED_IN, Applies, Expect, Requests, Scenario, Story, Used, do, every

scenario = Scenario(
    auth=SIGNED_IN,
    config={"forced_login_method": "chatgpt"},
    story=[do.sdk(api_key="sk-of-the-program")],
    expect=Expect(
        story=Story(
            sdk=Used(
                account=None,
                outcome="InvalidRequestError",
                message="JSON-RPC error -32600: API key login is disabled. "
                "Use ChatGPT login instead.",
                bearers=[],
                account_ids=[],
            )
        ),
        # The models are asked for in the background, or not at all.
        requests=Requests(counts={"POST /v1/responses": 0}, bearers=every("^access-0$")),
    ),
    applies=Applies(">=0.129.0", "the SDK understands no older release"),
)
