"""The model is asked through Amazon Bedrock, and AWS has no credentials: the turn fails."""

from harness import Applies, CliLogout, Expect, Read, Refresh, Requests, Scenario, Turn

BEDROCK = {"type": "amazonBedrock", "usesCodexManagedCredentials": False}

scenario = Scenario(
    config={
        "model_provider": "amazon-bedrock",
        "model_providers": {"amazon-bedrock": {"aws": {"profile": "work", "region": "us-east-1"}}},
    },
    lasts=5,
    applies=Applies(">=0.150.0", "the turn never ends before"),
    expect=Expect(
        read=Read(account=BEDROCK),
        turn=Turn(
            outcome="failed",
            message="stream disconnected before completion: failed to load AWS credentials: "
            "the credential provider was not enabled",
            kind="other",
            bearers=[],
            account_ids=[],
        ),
        requests=Requests(counts={"POST /v1/responses": 0}),
        refresh=Refresh(account=BEDROCK),
        cli_logout=CliLogout(text="Successfully logged out"),
    ),
    upstream={"read": ["get_account_with_aws_provider"]},
)
