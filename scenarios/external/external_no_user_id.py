"""The token of the host names no user: Codex cannot tell that its owner stays the same.

A refresh gives it a good token, and the turn fails; the next one uses that token.
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
    signed_in,
    unauthorized,
    until_refreshed,
)

ASKED = Asked("unauthorized", "workspace-1", "host-1")
NOBODY = HostTokens(claims=signed_in(chatgpt_user_id=None).claims)

scenario = Scenario(
    host=Host(logins=NOBODY, refreshes=NOBODY),
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message="Fatal error: application network policy is unavailable",
            kind="other",
            host=[ASKED],
        ),
        next_turn=NextTurn(auth_token="host-1", bearers=["host-1"]),
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
                    account_ids=["workspace-1", "workspace-1"],
                ),
                requests=Requests(counts={"POST /v1/responses": 3}),
            ),
            reason="the turn goes on, whoever the new token belongs to",
        )
    ],
)
