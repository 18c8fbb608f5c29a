"""The connection breaks whenever Codex asks for routing: each time it tries once more.

``account/read`` fails, and the turn completes.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Deviation,
    Expect,
    Logout,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    between,
    drop,
)

CHECK = "GET /backend-api/wham/accounts/check"
FAILED = RpcError(-32603, "workspace routing discovery failed")

# Codex also asks in the background, which a logout or a refresh may overtake; a logout now and then
# between the two tries.
scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(accounts_check=drop()),
    applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
    expect=Expect(
        read=Read(account=None, requires_openai_auth=None, error=FAILED),
        requests=Requests(counts={CHECK: 6}),
        refresh=Refresh(account=None, error=FAILED, counts={CHECK: between(6, 8)}),
        logout=Logout(counts={CHECK: between(3, 6)}),
    ),
    deviations=[
        Deviation(
            "<0.163.0",
            Expect(
                requests=Requests(counts={CHECK: 3}),
                refresh=Refresh(counts={CHECK: between(3, 4)}),
                logout=Logout(counts={CHECK: between(2, 3)}),
            ),
            reason="a connection that breaks is not tried again",
        )
    ],
    reports=["openai/codex#47145"],
)
