"""The host takes 8 seconds to give new tokens, which is in time: the turn goes on with them."""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    between,
    late,
    unauthorized,
    until_refreshed,
)

ASKED = Asked("unauthorized", "workspace-1", "host-1 after 8 s")

scenario = Scenario(
    host=Host(refreshes=[late(8)]),
    stages=["session"],
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            bearers=["host-0", "host-1"],
            account_ids=["workspace-1", "workspace-1"],
            host=[ASKED],
            seconds=between(8, 10),
        ),
        next_turn=NextTurn(auth_token="host-1", bearers=["host-1"]),
        requests=Requests(
            counts={
                "POST /v1/responses": 3,
                "GET /backend-api/wham/accounts/check": 2,
                "GET /backend-api/wham/settings/user": 2,
            },
            host=[ASKED],
        ),
    ),
)
