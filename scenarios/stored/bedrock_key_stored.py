"""auth.json holds a key for Amazon Bedrock, but OpenAI is the provider: the key is sent to nobody.

Nothing works either: the turn fails before a request is made.
"""

from harness import (
    Applies,
    CliStatus,
    Expect,
    Limits,
    RawAuth,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    Turn,
)

KEY = {"bedrock_api_key": {"api_key": "bedrock-scenario-key", "region": "us-east-1"}}
ONLY_BEDROCK = "Bedrock API key auth is only supported by the Amazon Bedrock model provider"
ERROR = RpcError(-32600, ONLY_BEDROCK)

scenarios = {
    name: Scenario(
        auth=RawAuth({**mode, **KEY}),
        upstream={
            "cli_status": ["bedrock_only_auth_storage_creates_primary_auth"],
            "logout": ["logout_removes_bedrock_auth"],
        },
        applies=Applies(">=0.140.0", "Bedrock keys are new"),
        expect=Expect(
            read=Read(requires_openai_auth=None, error=ERROR),
            limits=Limits(
                error=RpcError(-32600, "chatgpt authentication required to read rate limits")
            ),
            turn=Turn(
                outcome="failed",
                message=f"unsupported operation: {ONLY_BEDROCK}",
                kind="badRequest",
                bearers=[],
                account_ids=[],
            ),
            requests=Requests(counts={"POST /v1/responses": 0}),
            refresh=Refresh(error=ERROR),
            cli_status=CliStatus(exit_code=0, text="Logged in using Amazon Bedrock API key"),
        ),
    )
    for name, mode in {"mode": {"auth_mode": "bedrockApiKey"}, "no-mode": {}}.items()
}
