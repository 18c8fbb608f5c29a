"""The host answers the request for new tokens with a JSON-RPC error.

The turn fails with the code of the error, without its message, which might hold a token.
"""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    NextTurn,
    Requests,
    RpcError,
    Scenario,
    Turn,
    unauthorized,
)

ASKED = Asked("unauthorized", "workspace-1", "error -32000")
FAILED = {
    "outcome": "failed",
    "message": "auth refresh request failed: code=-32000",
    "kind": "other",
    "host": [ASKED],
}

scenario = Scenario(
    host=Host(refreshes=RpcError(-32000, "the user has signed out of the host")),
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(**FAILED),
        next_turn=NextTurn(**FAILED),
        requests=Requests(host=[ASKED, ASKED]),
    ),
)
