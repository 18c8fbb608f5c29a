"""config.toml forces another workspace than the one that is signed in.

Codex takes the home for signed out and leaves auth.json alone.
"""

from harness import SIGNED_IN, Deviation, NoAuth, Scenario

scenario = Scenario(
    auth=SIGNED_IN,
    config={"forced_chatgpt_workspace_id": "workspace-2"},
    taken_for=NoAuth(),
    deviations=[
        Deviation(
            "<0.147.0",
            taken_for=SIGNED_IN,
            reason="stored credentials are not yet held against this policy",
        )
    ],
)
