"""The host answers a refresh with tokens of another workspace, which nothing forbids.

The turn fails, since the owner has changed under it; the account is the new one, and the next turn
goes on with it.
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
    unauthorized,
    until_refreshed,
)

ASKED = Asked("unauthorized", "workspace-1", "host-1")

scenario = Scenario(
    host=Host(refreshes=HostTokens(account_id="workspace-2")),
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message="Fatal error: application network policy is unavailable",
            kind="other",
            host=[ASKED],
        ),
        next_turn=NextTurn(
            auth_token="host-1",
            bearers=["host-1"],
            account_ids=["workspace-2"],
        ),
        requests=Requests(
            counts={
                "GET /backend-api/wham/accounts/check": 2,
                "GET /backend-api/wham/settings/user": 2,
            },
            host=[ASKED],
        ),
    ),
    deviations=[
        Deviation(
            "<0.157.0",
            Expect(
                turn=Turn(
                    outcome="completed",
                    message=None,
                    kind=None,
                    bearers=["host-0", "host-1"],
                    account_ids=["workspace-1", "workspace-2"],
                ),
                requests=Requests(counts={"POST /v1/responses": 3}),
            ),
            reason="the turn goes on, whoever the new token belongs to",
        )
    ],
)
