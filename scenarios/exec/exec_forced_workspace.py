"""config.toml forces the workspace that is signed in, or a list with it: codex exec runs.

An API key belongs to no workspace, and is let through whatever is forced.
"""

from harness import SIGNED_IN, ApiKeyAuth, Applies, Scenario, do

FORCED = "forced_chatgpt_workspace_id"
LET_THROUGH = (
    "enforce_login_restrictions_allows_api_key_if_login_method_not_set_"
    "but_forced_chatgpt_workspace_id_is_set"
)

scenarios = {
    "the-same": Scenario(
        auth=SIGNED_IN,
        config={FORCED: "workspace-1"},
        story=[do.exec()],
        upstream={"story": ["enforce_login_restrictions_allows_matching_workspace"]},
    ),
    "in-the-list": Scenario(
        auth=SIGNED_IN,
        config={FORCED: ["workspace-2", "workspace-1"]},
        applies=Applies(">=0.131.0", "a list of workspaces is new"),
        story=[do.exec()],
        upstream={"story": ["enforce_login_restrictions_allows_any_matching_workspace_in_list"]},
    ),
    "api-key": Scenario(
        auth=ApiKeyAuth(),
        config={FORCED: "workspace-2"},
        story=[do.exec()],
        upstream={"story": [LET_THROUGH]},
    ),
}
