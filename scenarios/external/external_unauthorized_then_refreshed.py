"""The model answers 401 to the tokens of the host, until the host gives new ones.

Codex asks the host at once, where it would try a token from the home a second time; the turn goes
on with the new token, and so does the next, without another question.
"""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    unauthorized,
    until_refreshed,
)

ASKED = Asked("unauthorized", "workspace-1", "host-1")

scenario = Scenario(
    host=Host(),
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            bearers=["host-0", "host-1"], account_ids=["workspace-1", "workspace-1"], host=[ASKED]
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
    upstream={"turn": ["external_auth_refreshes_on_unauthorized"]},
)
