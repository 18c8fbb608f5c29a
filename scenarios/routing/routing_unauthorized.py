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
    at_most,
    between,
    either,
    matching,
    unauthorized,
)

CHECK, TOKEN = "GET /backend-api/wham/accounts/check", "POST /oauth/token"
SETTINGS, REVOKE = "GET /backend-api/wham/settings/user", "POST /oauth/revoke"
UNAUTHORIZED = RpcError(-32603, "workspace routing discovery unauthorized (401)")
REDEEMED = ("refresh-0", "refresh-1", "refresh-2", "refresh-3", "refresh-4")
OUT, STILL_IN = (
    {"method": "account/updated", "params": {"authMode": mode, "planType": None}}
    for mode in (None, "chatgpt")
)
# It refreshes in the background, too, which others may overtake. A logout that meets such a refresh
# revokes nothing, and the host is told that somebody is still signed in, with no file left.
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
            counts={CHECK: 9, TOKEN: 3, SETTINGS: between(1, 2)},
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
            notifications=either([OUT], [STILL_IN]),
            counts={CHECK: between(3, 9), TOKEN: between(1, 3), REVOKE: at_most(1)},
            refreshed_with=either(*(REDEEMED[:number] for number in (1, 2, 3))),
            revoked=either([matching(r"^refresh-[123]$")], []),
        ),
    ),
    reports=["vm0-ai/vm0#36322", "openai/codex#47456"],
)
