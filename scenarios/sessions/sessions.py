"""An app-server lists the sessions of its home, and changes to another workspace of one.

The stored sign-in is a session by itself, whose id is that of its user. A change brings an access
token for the other workspace, and leaves the refresh token as it is.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Called,
    Expect,
    File,
    Home,
    Requests,
    Scenario,
    Story,
    Turn,
    Wire,
    do,
    either,
    stored_tokens,
)

EXCHANGE = "POST /backend-api/accounts/switch-workspace-token"
LIST = do.call("accountSession/list", {"refreshWorkspaceMetadata": False})
SWITCH = do.call("accountSession/switch", {"sessionId": "user-1", "accountId": "workspace-2"})
BOTH = ["workspace-1", "workspace-2"]
SINCE = Applies(">=0.166.0", "sessions came with 0.166.0")
KEPT = stored_tokens(0, account_id="workspace-2")
SWITCHED = {**KEPT, "tokens": {**KEPT["tokens"], "access_token": "access-1"}}


def listed(workspace: str) -> Called:
    """Return the only session there is, in this workspace."""
    session = {
        "sessionId": "user-1",
        "userId": "user-1",
        "email": "someone@example.com",
        "isActive": True,
        "selectedWorkspaceAccountId": workspace,
    }
    return Called(result={"activeSessionId": "user-1", "sessions": [session]})


scenarios = {
    "listed": Scenario(
        auth=SIGNED_IN,
        story=[LIST, do.look()],
        applies=SINCE,
        expect=Expect(story=Story(call=listed("workspace-1"), look=File(auth_json="untouched"))),
        upstream={"home": ["list_imports_managed_auth_without_putting_tokens_in_metadata"]},
    ),
    "switched": Scenario(
        auth=SIGNED_IN,
        backend=Backend(workspaces=BOTH),
        story=[SWITCH, do.look(), do.turn()],
        applies=SINCE,
        expect=Expect(
            story=Story(
                call=listed("workspace-2"),
                look=File(auth_json="rewritten", auth=SWITCHED),
                turn=Turn(bearers=["access-1"], account_ids=["workspace-2"]),
            ),
            home=Home(auth_json="rewritten", auth=SWITCHED),
            requests=Requests(
                counts={EXCHANGE: 1}, bodies={EXCHANGE: [{"workspace_id": "workspace-2"}]}
            ),
            # A check of the routing that began before the change tells of it, too; now and then
            # it has ended by then (0.169.0).
            wire=Wire(violations=either(["account/updated: said twice"], [])),
        ),
        upstream={"story": ["switch_exchanges_workspace_token_and_updates_active_auth"]},
    ),
}
