"""Routing discovery cannot be had: the service is down, unknown, forbidden, or answers nonsense.

``account/read`` fails, and asks again each time; yet the turn completes and the command line says
"Logged in".
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Logout,
    Read,
    Refresh,
    Reply,
    Requests,
    RpcError,
    Scenario,
    between,
    refuse,
)

CHECK = "GET /backend-api/wham/accounts/check"
FAILED = RpcError(-32603, "workspace routing discovery failed")
UNAVAILABLE = Reply(432, json={"detail": "Workspace routing is unavailable"})

# Codex also asks in the background, which a logout or a refresh may overtake.
scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(accounts_check=answer),
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=FAILED),
            requests=Requests(counts=dict.fromkeys(asked, 3)),
            refresh=Refresh(account=None, error=FAILED, counts=dict.fromkeys(asked, between(3, 4))),
            logout=Logout(counts=dict.fromkeys(asked, between(2, 3))),
        ),
        reports=reports,
    )
    for name, answer, asked, reports in (
        ("forbidden", refuse(403, "forbidden"), [CHECK], ["openai/codex#47456"]),
        ("unknown", Reply(404, json={"detail": "Not Found"}), [CHECK], ["openai/codex#47145"]),
        ("too_many", refuse(429, "rate_limit_exceeded"), [CHECK], []),
        ("unavailable", UNAVAILABLE, [CHECK], ["openai/codex#46382"]),
        ("down", Reply(500, body="oops"), [CHECK], []),
        ("no_json", Reply(body="<html>Just a moment...</html>"), [CHECK], []),
        ("other_types", Reply(json={"accounts": "workspace-1"}), [CHECK], []),
        ("redirected", Reply(302, headers={"Location": "/login"}), [CHECK, "GET /login"], []),
    )
}
