"""A gateway that serves the model and nothing else: turns work, and little else does."""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Backend,
    Deviation,
    Expect,
    Limits,
    Logout,
    Read,
    Refresh,
    Reply,
    Requests,
    RpcError,
    Scenario,
    between,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
CHECK = "GET /backend-api/wham/accounts/check"
FAILED = RpcError(-32603, "workspace routing discovery failed")
UNKNOWN = Reply(404, body="not here")
GATEWAY = Backend(
    models=UNKNOWN,
    accounts_check=UNKNOWN,
    usage=UNKNOWN,
    reset_credits=UNKNOWN,
    settings=UNKNOWN,
    config_bundle=UNKNOWN,
)

scenarios = {
    "api_key": Scenario(auth=ApiKeyAuth(), backend=GATEWAY),
    "chatgpt": Scenario(
        auth=SIGNED_IN,
        backend=GATEWAY,
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=FAILED),
            limits=Limits(
                plan_type=None,
                used_percent=None,
                error=RpcError(
                    -32603,
                    "failed to fetch codex rate limits: GET http://backend/backend-api/wham/usage "
                    "failed: 404 Not Found; content-type=text/plain; body=not here",
                ),
            ),
            requests=Requests(counts={CHECK: 3}),
            refresh=Refresh(account=None, error=FAILED, counts={CHECK: between(3, 4)}),
            logout=Logout(counts={CHECK: between(2, 3)}),
        ),
        deviations=[
            Deviation(
                "<0.156.0",
                Expect(
                    read=Read(account=ACCOUNT, requires_openai_auth=True, error=None),
                    refresh=Refresh(account=ACCOUNT, error=None),
                ),
                reason="routing is not asked for",
            )
        ],
        reports=[
            "vm0-ai/vm0#36322",
            "juspay/neurolink#1453",
            "router-for-me/CLIProxyAPI#5750",
            "Soju06/codex-lb#2101",
        ],
    ),
}
