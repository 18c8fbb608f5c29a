"""config.toml forbids what is signed in: the Python SDK goes on without an account.

Where codex exec deletes auth.json and says why, a program on the SDK is told nothing.
"""

from harness import SIGNED_IN, ApiKeyAuth, Applies, Auth, Deviation, NoAuth, Scenario, do

FORBIDDEN: list[tuple[str, Auth, dict[str, str]]] = [
    ("workspace", SIGNED_IN, {"forced_chatgpt_workspace_id": "workspace-2"}),
    ("api-key", ApiKeyAuth(), {"forced_login_method": "chatgpt"}),
]

scenarios = {
    name: Scenario(
        auth=auth,
        config=config,
        story=[do.sdk()],
        taken_for=NoAuth(),
        applies=Applies(">=0.129.0", "the SDK understands no older release"),
        deviations=[
            Deviation(
                "<0.147.0",
                taken_for=auth,
                reason="stored credentials are not yet held against this policy",
            )
        ],
    )
    for name, auth, config in FORBIDDEN
}
