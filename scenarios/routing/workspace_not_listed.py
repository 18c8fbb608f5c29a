"""Routing discovery does not list the account in auth.json, as after a change of workspaces.

``account/read`` fails, and asks again each time; yet the turn completes and the command line says
"Logged in" (openai/codex#47374).
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
)

MISSING = RpcError(-32603, "selected workspace missing from routing discovery")
THRICE, FOUR_TIMES = ({"GET /backend-api/wham/accounts/check": count} for count in (3, 4))

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(workspaces=["workspace-2"]),
    applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
    expect=Expect(
        read=Read(account=None, requires_openai_auth=None, error=MISSING),
        refresh=Refresh(account=None, error=MISSING, counts=FOUR_TIMES),
        requests=Requests(counts=THRICE),
        logout=Logout(counts=THRICE),
    ),
)
