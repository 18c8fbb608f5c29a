"""Routing discovery lists the account, but not where it is served in a way that Codex takes.

``account/read`` fails, and asks again each time; yet the turn completes.
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
)

ROUTED = {
    "id": "workspace-1",
    "workspace_backend_origin": "https://chatgpt.com",
    "account_routing_override": "NO_CONSTRAINT",
}
CHECK = "GET /backend-api/wham/accounts/check"
NO_ORIGIN = "workspace routing discovery missing backend origin"
NO_URL = "invalid workspace backend URL"
NOT_BARE = "workspace routing discovery must return an origin"
INSECURE = "workspace backend must use an HTTPS origin without credentials"
BAD_OVERRIDE = "workspace routing discovery has invalid account routing override"

# Codex also asks in the background, which a logout or a refresh may overtake.
scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(accounts_check=Reply(json={"accounts": accounts})),
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=RpcError(-32603, message)),
            refresh=Refresh(
                account=None, error=RpcError(-32603, message), counts={CHECK: between(3, 4)}
            ),
            requests=Requests(counts={CHECK: 3}),
            logout=Logout(counts={CHECK: between(2, 3)}),
        ),
        upstream={"read": ["rejects_invalid_discovery"]},
    )
    for name, accounts, message in (
        ("twice", [ROUTED, ROUTED], "duplicate workspace in routing discovery"),
        *(
            (name, [{**ROUTED, "workspace_backend_origin": origin}], message)
            for name, origin, message in (
                ("null_origin", None, NO_ORIGIN),
                ("empty_origin", "", NO_URL),
                ("no_url", "chatgpt.com", NO_URL),
                ("path", "https://chatgpt.com/backend-api", NOT_BARE),
                ("query", "https://chatgpt.com?a=1", NOT_BARE),
                ("fragment", "https://chatgpt.com#a", NOT_BARE),
                ("credentials", "https://user:secret@chatgpt.com", INSECURE),
                ("insecure", "http://chatgpt.com", INSECURE),
                ("unconstrained", "NO_CONSTRAINT", INSECURE),
            )
        ),
        *(
            (name, [{**ROUTED, "account_routing_override": override}], BAD_OVERRIDE)
            for name, override in (
                ("null_override", None),
                ("empty_override", ""),
                ("unknown_override", "eu"),
            )
        ),
    )
}
