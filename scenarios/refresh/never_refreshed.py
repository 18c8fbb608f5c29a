"""auth.json has tokens but no last_refresh, as in files made by hand.

``account/read`` shows the account; ``getAuthStatus`` knows of no sign-in, and the turn goes out
without a bearer.
"""

from harness import Deviation, Expect, Limits, Requests, RpcError, Scenario, Status, Turn, signed_in

UNAVAILABLE = RpcError(-32603, "failed to construct backend client: Token data is not available.")
NO_TURN = Turn(
    outcome="failed",
    message="Token data is not available.",
    kind="other",
    bearers=[],
    account_ids=[],
)
NOT_SENT = "nothing is sent without a bearer"

scenario = Scenario(
    auth=signed_in(last_refresh=None),
    expect=Expect(status=Status(auth_method=None, auth_token=None), turn=Turn(bearers=[None])),
    deviations=[
        *(
            Deviation(
                releases,
                Expect(
                    limits=Limits(plan_type=None, used_percent=None, error=UNAVAILABLE),
                    turn=NO_TURN,
                    requests=Requests(
                        counts={"GET /backend-api/wham/usage": 0, "POST /v1/responses": 0}
                    ),
                ),
                reason=NOT_SENT,
            )
            for releases in ("<0.123.0", "==0.124.0")
        ),
        Deviation(
            "==0.123.0",
            Expect(turn=NO_TURN, requests=Requests(counts={"POST /v1/responses": 0})),
            reason=f"{NOT_SENT}, but the request for the rate limits",
        ),
    ],
)
