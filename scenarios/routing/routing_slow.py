"""Routing discovery takes its time: Codex waits for it for 15 seconds, trying again meanwhile.

Then ``account/read`` fails, and the next one waits as long; the turn completes.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Logout,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    between,
    slow,
)

APPLIES = Applies(">=0.156.0", "routing discovery came with 0.156.0")
CHECK = "GET /backend-api/wham/accounts/check"
TIMED_OUT = RpcError(-32603, "workspace routing discovery timed out")

scenarios = {
    "in_time": Scenario(auth=SIGNED_IN, backend=Backend(accounts_check=slow(1)), applies=APPLIES),
    "too_late": Scenario(
        auth=SIGNED_IN,
        backend=Backend(accounts_check=slow(16)),
        applies=APPLIES,
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=TIMED_OUT),
            # Whether and when it tries again as the time is up, chance decides.
            requests=Requests(counts={CHECK: between(2, 4)}),
            refresh=Refresh(account=None, error=TIMED_OUT, counts={CHECK: between(4, 6)}),
            logout=Logout(counts={CHECK: between(2, 4)}),
        ),
        reports=["openai/codex#41044", "openai/codex#47145"],
    ),
}
