"""Routing discovery leaves it open where the workspace is served: at the backend that is in use.

That is the one of config.toml, or the one that the machine requires.
"""

from typing import Any

from harness import SIGNED_IN, Applies, Backend, Expect, Read, Reply, Scenario

OWN = {"chatgpt_base_url": "https://backend/backend-api"}
ANYWHERE = {
    "id": "workspace-1",
    "workspace_backend_origin": "NO_CONSTRAINT",
    "account_routing_override": "us",
}
SOURCES: dict[str, tuple[dict[str, Any], str]] = {
    "configured": ({"config": OWN}, "unrestricted_discovery_uses_effective_custom_backend"),
    "required": ({"requirements": OWN}, "resolves_origins"),
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(accounts_check=Reply(json={"accounts": [ANYWHERE]})),
        stages=["session"],
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(routing={"backendOrigin": "https://backend", "accountRoutingOverride": "us"})
        ),
        upstream={"read": [test]},
        **source,
    )
    for name, (source, test) in SOURCES.items()
}
