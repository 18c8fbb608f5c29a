"""A session does not get to another workspace: it is refused, or what comes is of another one.

Nothing changes then, and the session stays where it was.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Called,
    Expect,
    File,
    Reply,
    Requests,
    RpcError,
    Scenario,
    Story,
    do,
    encode_id_token,
)

EXCHANGE = "POST /backend-api/accounts/switch-workspace-token"
SAME = Reply(json={"access_token": encode_id_token(SIGNED_IN.claims)})
ANSWERS = {
    "refused": (Reply(403), "Workspace switch was rejected (HTTP 403 Forbidden)"),
    "same_came": (SAME, "Workspace exchange returned a different user or workspace"),
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(workspace_token=reply, workspaces=["workspace-1", "workspace-2"]),
        story=[
            do.call("accountSession/switch", {"sessionId": "user-1", "accountId": "workspace-2"}),
            do.call("accountSession/list", {"refreshWorkspaceMetadata": False}),
            do.look(),
        ],
        applies=Applies(">=0.166.0", "sessions came with 0.166.0"),
        expect=Expect(
            story=Story(
                call=Called(result=None, error=RpcError(-32600, says)),
                call_2=Called(result={"sessions": [{"selectedWorkspaceAccountId": "workspace-1"}]}),
                look=File(auth_json="untouched"),
            ),
            requests=Requests(counts={EXCHANGE: 1}),
        ),
    )
    for name, (reply, says) in ANSWERS.items()
}
