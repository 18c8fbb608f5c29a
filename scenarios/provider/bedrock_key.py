"""The model is asked through Amazon Bedrock with the key for it that auth.json holds."""

from harness import (
    Applies,
    CliStatus,
    Expect,
    Limits,
    RawAuth,
    Read,
    Refresh,
    RpcError,
    Scenario,
    Turn,
)

BEDROCK = {"type": "amazonBedrock", "usesCodexManagedCredentials": True}

scenario = Scenario(
    auth=RawAuth(
        {
            "auth_mode": "bedrockApiKey",
            "OPENAI_API_KEY": None,
            "bedrock_api_key": {"api_key": "bedrock-api-key", "region": "us-east-1"},
        }
    ),
    config={
        "model_provider": "amazon-bedrock",
        "model_providers": {"amazon-bedrock": {"base_url": "http://backend/v1"}},
    },
    applies=Applies(">=0.145.0", "a Bedrock with an address of its own came with 0.145.0"),
    expect=Expect(
        read=Read(account=BEDROCK),
        limits=Limits(
            error=RpcError(-32600, "chatgpt authentication required to read rate limits")
        ),
        turn=Turn(bearers=["bedrock-api-key"]),
        refresh=Refresh(account=BEDROCK),
        cli_status=CliStatus(exit_code=0, text="Logged in using Amazon Bedrock API key"),
    ),
    upstream={
        "read": ["get_account_with_managed_bedrock_provider"],
        "status": ["bedrock_only_auth_storage_creates_primary_auth"],
        "logout": ["logout_removes_bedrock_auth"],
    },
)
