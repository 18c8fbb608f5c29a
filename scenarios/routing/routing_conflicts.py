"""The machine requires one backend, and routing discovery says that the workspace is on another.

``account/read`` fails; a turn goes on. Three attempts are made, as a failure is not kept.
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

CONFLICT = "required ChatGPT backend conflicts with workspace routing"
NO_TLS = "workspace backend must use an HTTPS origin without credentials"
CASES = {
    "host": ("https://backend", "https://gov.example", CONFLICT),
    "port": ("https://backend", "https://127.0.0.1", CONFLICT),
    "scheme": ("http://backend", "https://127.0.0.1", NO_TLS),
}


def served_at(origin: str) -> Backend:
    """Return a backend that sends everybody there."""
    there = {"workspace_backend_origin": origin, "account_routing_override": "us_cr"}
    return Backend(accounts_check=Reply(json={"accounts": [{"id": "workspace-1", **there}]}))


scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        requirements={"chatgpt_base_url": f"{required}/backend-api"},
        backend=served_at(discovered),
        stages=["session"],
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(
                account=None,
                requires_openai_auth=None,
                routing=None,
                error=RpcError(-32603, says),
            ),
            requests=Requests(counts={"GET /backend-api/wham/accounts/check": 3}),
        ),
        upstream={"read": ["rejects_conflicting_origins"]},
    )
    for name, (required, discovered, says) in CASES.items()
}
