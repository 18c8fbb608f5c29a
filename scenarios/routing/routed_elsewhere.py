"""Routing discovery says that the workspace is served elsewhere: ``account/read`` passes it on."""

from harness import SIGNED_IN, Applies, Backend, Expect, Read, Reply, Scenario

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        backend=Backend(
            accounts_check=Reply(
                json={
                    "accounts": [
                        {"id": "workspace-2"},
                        {
                            "id": "workspace-1",
                            "name": "A workspace",
                            "workspace_backend_origin": origin,
                            "account_routing_override": override,
                        },
                    ]
                }
            )
        ),
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(routing={"backendOrigin": told, "accountRoutingOverride": override})
        ),
        upstream={"read": ["resolves_origins"]},
    )
    for name, origin, told, override in (
        ("government", "https://gov.example", "https://gov.example", "NO_CONSTRAINT"),
        ("port", "https://chatgpt.com:8443", "https://chatgpt.com:8443", "us"),
        ("slash", "https://CHATGPT.com/", "https://chatgpt.com", "us_cr"),
    )
}
