"""config.toml forbids the workspace that is signed in: the Python SDK goes on without an account.

Where codex exec deletes auth.json and says why, a program on the SDK is told nothing.
"""

from harness import SIGNED_IN, Applies, Deviation, NoAuth, Scenario, do

scenario = Scenario(
    auth=SIGNED_IN,
    config={"forced_chatgpt_workspace_id": "workspace-2"},
    story=[do.sdk()],
    taken_for=NoAuth(),
    applies=Applies(">=0.129.0", "the SDK understands no older release"),
    deviations=[
        Deviation(
            "<0.147.0",
            taken_for=SIGNED_IN,
            reason="stored credentials are not yet held against this policy",
        )
    ],
)
