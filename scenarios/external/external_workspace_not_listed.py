"""Routing discovery does not list the workspace of the host.

The login is answered as if it went well; then Codex says that it did not, and no more. The tokens
are used all the same.
"""

from harness import (
    Applies,
    Backend,
    Expect,
    Host,
    Login,
    Logout,
    NextTurn,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
)

MISSING = RpcError(-32603, "selected workspace missing from routing discovery")
FAILED = {"loginId": None, "success": False, "error": MISSING.message}
TWICE, THRICE = ({"GET /backend-api/wham/accounts/check": count} for count in (2, 3))

scenario = Scenario(
    host=Host(),
    backend=Backend(workspaces=["workspace-2"]),
    applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
    expect=Expect(
        login=Login(
            messages=[
                {"result": {"type": "chatgptAuthTokens"}},
                {"method": "account/login/completed", "params": FAILED},
            ]
        ),
        read=Read(account=None, requires_openai_auth=None, error=MISSING),
        next_turn=NextTurn(account=None, error=MISSING),
        requests=Requests(counts=THRICE),
        refresh=Refresh(account=None, error=MISSING, counts=THRICE),
        logout=Logout(counts=TWICE),
    ),
)
