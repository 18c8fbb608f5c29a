"""Routing discovery cannot be had: the service is down, unknown, forbidden, or answers nonsense.

``account/read`` fails, and asks again each time; yet the turn completes.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Read,
    Reply,
    Requests,
    RpcError,
    Scenario,
    refuse,
)

CHECK = "GET /backend-api/wham/accounts/check"
FAILED = RpcError(-32603, "workspace routing discovery failed")
UNAVAILABLE = Reply(432, json={"detail": "Workspace routing is unavailable"})

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(accounts_check=answer),
        stages=["session"],
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=FAILED),
            requests=Requests(counts=dict.fromkeys(asked, 3)),
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
