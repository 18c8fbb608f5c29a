"""auth.json holds a key for Amazon Bedrock, and the provider is another: the key is not sent to it.

The turn and account/read fail; codex login status says "Logged in", and a logout removes the key.
"""

from harness import (
    Applies,
    Expect,
    File,
    Home,
    Ran,
    RawAuth,
    Read,
    Requests,
    RpcError,
    Scenario,
    Story,
    Turn,
    do,
)

WHY = "Bedrock API key auth is only supported by the Amazon Bedrock model provider"

scenario = Scenario(
    auth=RawAuth(
        {
            "auth_mode": "bedrockApiKey",
            "OPENAI_API_KEY": None,
            "bedrock_api_key": {"api_key": "bedrock-key", "region": "us-west-2"},
        }
    ),
    story=[do.read(), do.status(), do.turn(), do.run("login", "status"), do.logout(), do.look()],
    expect=Expect(
        story=Story(
            read=Read(requires_openai_auth=None, error=RpcError(-32600, WHY)),
            turn=Turn(
                outcome="failed",
                message=f"unsupported operation: {WHY}",
                kind="badRequest",
                bearers=[],
                account_ids=[],
            ),
            run=Ran(text="Logged in using Amazon Bedrock API key"),
            look=File(auth_json="removed", config=[]),
        ),
        home=Home(auth_json="removed", mode=None),
        requests=Requests(counts={"POST /v1/responses": 0}),
    ),
    applies=Applies(">=0.145.0", "keys for Amazon Bedrock are new"),
    reports=["openai/codex#31327"],
)
