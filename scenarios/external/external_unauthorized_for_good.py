"""The model answers 401 whatever token the host gives: a turn asks the host once, then fails."""

from harness import (
    Asked,
    Backend,
    Deviation,
    Expect,
    Host,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    unauthorized,
)

FIRST, SECOND = (Asked("unauthorized", "workspace-1", token) for token in ("host-1", "host-2"))
SHORT = "unexpected status 401 Unauthorized: "
FAILED = {
    "outcome": "failed",
    "message": (
        "unexpected status 401 Unauthorized: Provided authentication token is expired., "
        "url: http://backend/v1/responses"
    ),
    "kind": {"httpConnectionFailed": {"httpStatusCode": 401}},
    "account_ids": ["workspace-1", "workspace-1"],
}

scenario = Scenario(
    host=Host(),
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(**FAILED, bearers=["host-0", "host-1"], host=[FIRST]),
        next_turn=NextTurn(
            **FAILED, auth_token="host-1", bearers=["host-1", "host-2"], host=[SECOND]
        ),
        requests=Requests(
            counts={
                "POST /v1/responses": 4,
                "GET /backend-api/wham/accounts/check": 2,
                "GET /backend-api/wham/settings/user": 2,
            },
            host=[FIRST, SECOND],
        ),
    ),
    deviations=[
        Deviation(
            "<0.95.0",
            Expect(turn=Turn(message=SHORT), next_turn=NextTurn(message=SHORT)),
            reason="the answer of the model is left out",
        ),
    ],
)
