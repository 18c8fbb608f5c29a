"""config.toml forces a workspace, and the host signs in with tokens of that one or of another.

Tokens of another workspace are refused with a JSON-RPC error and leave Codex signed out.
"""

from harness import Applies, Deviation, Expect, Host, HostTokens, Login, NoAuth, RpcError, Scenario

REFUSAL = RpcError(
    -32600,
    'External auth must use one of workspace(s) ["workspace-1"], but received "workspace-2".',
)
OLDER_TEXTS = {
    "<0.99.0": 'External auth must use workspace workspace-1, but received Some("workspace-2").',
    ">=0.99.0,<0.131.0": (
        'External auth must use workspace workspace-1, but received "workspace-2".'
    ),
}
FORCED = {"forced_chatgpt_workspace_id": "workspace-1"}

scenarios = {
    "match": Scenario(host=Host(), config=FORCED),
    "match_in_list": Scenario(
        host=Host(),
        config={"forced_chatgpt_workspace_id": ["workspace-3", "workspace-1"]},
        applies=Applies(">=0.131.0", "a list of workspaces is no valid configuration before"),
    ),
    "mismatch": Scenario(
        host=Host(logins=HostTokens(account_id="workspace-2")),
        config=FORCED,
        taken_for=NoAuth(),
        expect=Expect(login=Login(messages=[REFUSAL])),
        deviations=[
            Deviation(
                releases,
                Expect(login=Login(messages=[RpcError(-32600, text)])),
                reason="older text",
            )
            for releases, text in OLDER_TEXTS.items()
        ],
    ),
}
