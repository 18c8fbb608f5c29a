"""config.toml forces other workspaces than the one that is signed in.

Codex takes the home for signed out and leaves auth.json alone. Names are compared to the letter.
"""

from harness import SIGNED_IN, Applies, Deviation, NoAuth, Scenario, signed_in

NO_ID = signed_in(account_id=None)
NOT_YET = "stored credentials are not yet held against this policy"
LISTS = Applies(">=0.131.0", "a list of workspaces is no valid configuration before")

scenarios = {
    name: Scenario(
        auth=auth,
        config={"forced_chatgpt_workspace_id": workspace},
        taken_for=NoAuth(),
        deviations=[Deviation("<0.147.0", taken_for=auth, reason=NOT_YET)],
    )
    for name, (auth, workspace) in {
        "other": (SIGNED_IN, "workspace-2"),
        "other_case": (SIGNED_IN, "Workspace-1"),
        "only_in_id_token": (NO_ID, "workspace-2"),
    }.items()
} | {
    "list": Scenario(
        auth=SIGNED_IN,
        config={"forced_chatgpt_workspace_id": ["workspace-2", "workspace-3"]},
        taken_for=NoAuth(),
        applies=LISTS,
        deviations=[Deviation("<0.147.0", taken_for=SIGNED_IN, reason=NOT_YET)],
    )
}
