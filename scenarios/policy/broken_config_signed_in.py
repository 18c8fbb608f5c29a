"""config.toml is no TOML, and auth.json holds a sign-in with ChatGPT.

The token is still given to whoever asks and refreshed where the environment says; but Codex knows
only the real ChatGPT backend, and goes there with it, for the rate limits and at its start.
"""

from harness import (
    SIGNED_IN,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    Limits,
    Logout,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    Turn,
)

FAULT = "/world/codex-home/config.toml:1:4: key with no value, expected `=`"
NO_REQUIREMENTS = RpcError(-32603, "failed to load workspace requirements")
TOLD_WHERE = RpcError(
    -32603,
    "failed to load workspace requirements: "
    "invalid configuration at /world/codex-home/config.toml:1:4",
)
ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
NOT_HERE = {
    "GET /backend-api/wham/accounts/check": 0,
    "GET /backend-api/wham/rate-limit-reset-credits": 0,
    "GET /backend-api/wham/settings/user": 0,
    "GET /backend-api/wham/usage": 0,
    "POST /v1/responses": 0,
}
NO_CHECK = {"GET /backend-api/wham/accounts/check": 0}

scenario = Scenario(
    auth=SIGNED_IN,
    config="no toml",
    reaches=["chatgpt.com", "github.com", "api.github.com"],
    expect=Expect(
        read=Read(account=None, requires_openai_auth=None, error=NO_REQUIREMENTS),
        limits=Limits(
            plan_type=None,
            used_percent=None,
            error=RpcError(
                -32603,
                "failed to fetch codex rate limits: error sending request for url "
                "(https://chatgpt.com/backend-api/wham/usage)",
            ),
        ),
        turn=Turn(
            outcome="refused",
            message=f"failed to load configuration: {FAULT}",
            kind=-32600,
            bearers=[],
            account_ids=[],
        ),
        requests=Requests(counts=NOT_HERE),
        refresh=Refresh(account=None, error=NO_REQUIREMENTS, counts=NO_CHECK),
        logout=Logout(counts=NO_CHECK),
        cli_status=CliStatus(exit_code=1, text=f"Error loading configuration: {FAULT}"),
        cli_logout=CliLogout(
            exit_code=1,
            text=f"Error loading configuration: {FAULT}",
            auth_json="untouched",
            revoked=[],
            counts={"POST /oauth/revoke": 0},
        ),
    ),
    deviations=[
        Deviation(
            "<0.115.0",
            Expect(turn=Turn(message=f"error deriving config: {FAULT}")),
            reason="older text",
        ),
        Deviation(
            "<0.156.0",
            Expect(
                read=Read(account=ACCOUNT, requires_openai_auth=True, error=None),
                refresh=Refresh(account=ACCOUNT, error=None),
            ),
            reason="the account is not routed yet, and needs no requirements",
        ),
        Deviation(
            ">=0.164.0",
            Expect(read=Read(error=TOLD_WHERE), refresh=Refresh(error=TOLD_WHERE)),
            reason="the error says where the file is broken",
        ),
    ],
)
