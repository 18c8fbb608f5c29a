"""Routing discovery lists the account, but not where it is served in a way that Codex takes.

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
)

ORIGIN, OVERRIDE = "workspace_backend_origin", "account_routing_override"
ROUTED = {"id": "workspace-1", ORIGIN: "https://chatgpt.com", OVERRIDE: "NO_CONSTRAINT"}
CHECK = "GET /backend-api/wham/accounts/check"
NO_ORIGIN = "workspace routing discovery missing backend origin"
NO_URL = "invalid workspace backend URL"
NOT_BARE = "workspace routing discovery must return an origin"
INSECURE = "workspace backend must use an HTTPS origin without credentials"
BAD_OVERRIDE = "workspace routing discovery has invalid account routing override"

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(accounts_check=Reply(json={"accounts": accounts})),
        stages=["session"],
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=RpcError(-32603, message)),
            requests=Requests(counts={CHECK: 3}),
        ),
        upstream={"read": ["rejects_invalid_discovery"]},
    )
    for name, accounts, message in (
        ("twice", [ROUTED, ROUTED], "duplicate workspace in routing discovery"),
        *(
            (name, [{**ROUTED, member: value}], message)
            for name, member, value, message in (
                ("null_origin", ORIGIN, None, NO_ORIGIN),
                ("empty_origin", ORIGIN, "", NO_URL),
                ("no_url", ORIGIN, "chatgpt.com", NO_URL),
                ("path", ORIGIN, "https://chatgpt.com/backend-api", NOT_BARE),
                ("query", ORIGIN, "https://chatgpt.com?a=1", NOT_BARE),
                ("fragment", ORIGIN, "https://chatgpt.com#a", NOT_BARE),
                ("credentials", ORIGIN, "https://user:secret@chatgpt.com", INSECURE),
                ("insecure", ORIGIN, "http://chatgpt.com", INSECURE),
                ("unconstrained", ORIGIN, "NO_CONSTRAINT", INSECURE),
                ("null_override", OVERRIDE, None, BAD_OVERRIDE),
                ("empty_override", OVERRIDE, "", BAD_OVERRIDE),
                ("unknown_override", OVERRIDE, "eu", BAD_OVERRIDE),
            )
        ),
    )
}
