"""Routing discovery answers 401, as behind a gateway that has credentials for other paths only.

Codex takes a good access token for a dead one, and refreshes it: three times at its start, and
twice for ``account/read {refreshToken: true}``. ``account/read`` fails all the same, while the turn
completes and the command line says "Logged in".
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Home,
    Logout,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    Status,
    Turn,
    between,
    either,
    matching,
    unauthorized,
)

CHECK, TOKEN = "GET /backend-api/wham/accounts/check", "POST /oauth/token"
UNAUTHORIZED = RpcError(-32603, "workspace routing discovery unauthorized (401)")
REDEEMED = ("refresh-0", "refresh-1", "refresh-2", "refresh-3", "refresh-4")
# It refreshes in the background, too, which others may overtake.
EARLY, LATE = matching(r"^access-[123]$"), matching(r"^access-[45]$")

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(accounts_check=unauthorized()),
    applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
    expect=Expect(
        read=Read(account=None, requires_openai_auth=None, error=UNAUTHORIZED),
        status=Status(auth_token=EARLY),
        turn=Turn(bearers=[EARLY]),
        home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-3"}}),
        requests=Requests(
            counts={CHECK: 9, TOKEN: 3},
            refreshed_with=REDEEMED[:3],
            bearers=["access-0", "access-1", "access-2", "access-3"],
        ),
        refresh=Refresh(
            account=None,
            error=UNAUTHORIZED,
            auth_token=LATE,
            auth={"tokens": {"access_token": LATE}},
            counts={CHECK: between(10, 12), TOKEN: between(4, 5)},
            refreshed_with=either(REDEEMED[:4], REDEEMED),
        ),
        logout=Logout(
            counts={CHECK: between(3, 9), TOKEN: between(1, 3)},
            refreshed_with=either(*(REDEEMED[:number] for number in (1, 2, 3))),
            revoked=[matching(r"^refresh-[123]$")],
        ),
    ),
    reports=["vm0-ai/vm0#36322", "openai/codex#47456"],
)
