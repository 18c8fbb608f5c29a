"""config.toml forces a workspace, and the host answers a refresh with tokens of another one.

The turn fails; the account and the tokens of the login stay. The next turn starts with them, asks
the host again, gets tokens of the right workspace, and goes on.
"""

from harness import (
    Asked,
    Backend,
    Deviation,
    Expect,
    Host,
    HostTokens,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    either,
    unauthorized,
    until_refreshed,
)

FIRST = Asked("unauthorized", "workspace-1", "host-1")
SECOND = Asked("unauthorized", "workspace-1", "host-2")
FROM_NOBODY = Asked("unauthorized", None, "host-2")
UNAUTHORIZED = (
    "unexpected status 401 Unauthorized: Provided authentication token is expired., "
    "url: http://backend/v1/responses"
)
OLDER_TEXTS = {
    "<0.99.0": 'auth refresh returned workspace Some("workspace-2"), expected "workspace-1"',
    ">=0.99.0,<0.131.0": 'auth refresh returned workspace "workspace-2", expected "workspace-1"',
    ">=0.131.0,<0.144.0": (
        'auth refresh returned workspace "workspace-2", expected one of ["workspace-1"]'
    ),
    ">=0.144.0,<0.147.0": 'auth returned workspace "workspace-2", expected one of ["workspace-1"]',
}
FORGOTTEN = {"auth_method": None, "auth_token": None}

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
            bearers=["host-0", "host-2"], account_ids=["workspace-1", "workspace-1"], host=[SECOND]
        ),
        requests=Requests(counts={"POST /v1/responses": 3}, host=[FIRST, SECOND]),
    ),
    deviations=[
        *(
            Deviation(releases, Expect(turn=Turn(message=f"external {text}")), reason="older text")
            for releases, text in OLDER_TEXTS.items()
        ),
        Deviation(
            ">=0.144.0,<0.150.0",
            Expect(
                next_turn=NextTurn(
                    **FORGOTTEN,
                    outcome="failed",
                    message=UNAUTHORIZED,
                    kind="other",
                    bearers=[None],
                    account_ids=[None],
                    host=[],
                ),
                requests=Requests(counts={"POST /v1/responses": 2}, host=[FIRST]),
            ),
            reason="the wrong tokens cost the right ones, and nobody asks for others",
        ),
        Deviation(
            ">=0.150.0,<0.157.0",
            Expect(
                next_turn=NextTurn(
                    **FORGOTTEN,
                    bearers=[None, "host-2"],
                    account_ids=[None, "workspace-1"],
                    host=[FROM_NOBODY],
                ),
                requests=Requests(host=[FIRST, FROM_NOBODY]),
            ),
            reason="the wrong tokens cost the right ones",
        ),
        Deviation(
            ">=0.157.0,<0.169.0",
            Expect(
                next_turn=NextTurn(
                    **FORGOTTEN,
                    outcome=either("failed", "completed"),
                    message=either("Fatal error: application network policy is unavailable", None),
                    kind=either("other", None),
                    bearers=either([None], [None, "host-2"]),
                    account_ids=either([None], [None, "workspace-1"]),
                    host=[FROM_NOBODY],
                ),
                requests=Requests(
                    counts={"POST /v1/responses": either(2, 3)}, host=[FIRST, FROM_NOBODY]
                ),
            ),
            reason=(
                "the wrong tokens cost the right ones, and new ones have another owner; "
                "under load, once in a hundred times, the turn goes on before that is noticed"
            ),
        ),
    ],
    upstream={"turn": ["external_auth_refresh_mismatched_workspace_fails_turn"]},
)
