"""Routing discovery does not list the account in auth.json, as after a change of workspaces.

``account/read`` fails, and asks again each time; yet the turn completes and the command line says
"Logged in".
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Logout,
    Read,
    Refresh,
    Reply,
    Requests,
    RpcError,
    Scenario,
    between,
    signed_in,
)

MISSING = RpcError(-32603, "selected workspace missing from routing discovery")
CHECK = "GET /backend-api/wham/accounts/check"
OTHER = Backend(workspaces=["workspace-2"])

# Codex also asks in the background, which a logout or a refresh may overtake.
scenarios = {
    name: Scenario(
        auth=auth,
        backend=backend,
        applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
        expect=Expect(
            read=Read(account=None, requires_openai_auth=None, error=MISSING),
            refresh=Refresh(account=None, error=MISSING, counts={CHECK: between(3, 4)}),
            requests=Requests(counts={CHECK: 3}),
            logout=Logout(counts={CHECK: between(2, 3)}),
        ),
        reports=["openai/codex#47374", "ndycode/codex-multi-auth#700", "vm0-ai/vm0#36322"],
    )
    for name, auth, backend in (
        ("another", SIGNED_IN, OTHER),
        ("organisation_id", signed_in(account_id="org-1"), OTHER),
        ("other_case", signed_in(account_id="Workspace-1"), Backend(workspaces=["workspace-1"])),
        ("none", SIGNED_IN, Backend(workspaces=[])),
        ("no_accounts", SIGNED_IN, Backend(accounts_check=Reply(json={}))),
    )
}
