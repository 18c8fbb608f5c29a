"""config.toml forces a workspace, and the host answers a refresh with tokens of another one.

The turn fails. ``account/read`` still shows the account; ``getAuthStatus`` then says that nobody is
signed in. The next turn goes out without a bearer, asks the host again, gets tokens of the right
workspace and fails all the same, since they are taken for those of another owner.
"""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    HostTokens,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    unauthorized,
    until_refreshed,
)

FIRST = Asked("unauthorized", "workspace-1", "host-1")
SECOND = Asked("unauthorized", None, "host-2")

scenario = Scenario(
    host=Host(refreshes=[HostTokens(account_id="workspace-2")]),
    config={"forced_chatgpt_workspace_id": "workspace-1"},
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=(
                "Login is restricted to workspace(s) workspace-1, "
                "but current credentials belong to workspace-2"
            ),
            kind="other",
            host=[FIRST],
        ),
        next_turn=NextTurn(
            auth_method=None,
            auth_token=None,
            outcome="failed",
            message="Fatal error: application network policy is unavailable",
            kind="other",
            bearers=[None],
            account_ids=[None],
            host=[SECOND],
        ),
        requests=Requests(host=[FIRST, SECOND]),
    ),
)
