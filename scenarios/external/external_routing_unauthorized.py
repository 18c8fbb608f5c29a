"""Routing discovery answers 401 to the token of the host: the login itself asks for a new one."""

from harness import (
    Applies,
    Asked,
    Backend,
    Expect,
    Host,
    Logout,
    NextTurn,
    Refresh,
    Requests,
    Scenario,
    Status,
    Turn,
    unauthorized,
    until_refreshed,
)

ASKED = Asked("unauthorized", "workspace-1", "host-1")
TWICE = {"GET /backend-api/wham/accounts/check": 2}

scenario = Scenario(
    host=Host(),
    backend=Backend(accounts_check=until_refreshed(unauthorized())),
    applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
    expect=Expect(
        status=Status(auth_token="host-1"),
        turn=Turn(bearers=["host-1"]),
        next_turn=NextTurn(auth_token="host-1", bearers=["host-1"]),
        requests=Requests(counts=TWICE, host=[ASKED]),
        refresh=Refresh(auth_token="host-1", counts=TWICE, host=[ASKED]),
        logout=Logout(counts=TWICE),
    ),
)
