"""The host answers the request for new tokens with a JSON-RPC error.

The turn fails with the code of the error, without its message, which might hold a token.
"""

from harness import (
    Asked,
    Backend,
    Deviation,
    Expect,
    Host,
    NextTurn,
    Requests,
    RpcError,
    Scenario,
    Turn,
    unauthorized,
)

MESSAGE = "the user has signed out of the host"
ASKED = Asked("unauthorized", "workspace-1", "error -32000")
FAILED = {
    "outcome": "failed",
    "message": "auth refresh request failed: code=-32000",
    "kind": "other",
    "host": [ASKED],
}

scenario = Scenario(
    host=Host(refreshes=RpcError(-32000, MESSAGE)),
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(**FAILED),
        next_turn=NextTurn(**FAILED),
        requests=Requests(host=[ASKED, ASKED]),
    ),
    deviations=[
        Deviation(
            releases,
            Expect(turn=Turn(message=text), next_turn=NextTurn(message=text)),
            reason=reason,
        )
        for releases, text, reason in (
            (
                "<0.104.0",
                "auth refresh request canceled: channel closed",
                "an error is taken for no answer",
            ),
            (
                ">=0.104.0,<0.150.0",
                f"auth refresh request failed: code=-32000 message={MESSAGE}",
                "the turn repeats the message of the host, which may hold a token",
            ),
        )
    ],
    upstream={"turn": ["external_auth_refresh_error_fails_turn"]},
)
