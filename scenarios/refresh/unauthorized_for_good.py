"""The model answers 401 whatever token Codex sends.

A turn tries the token in the home twice, refreshes it, tries the new one, and fails.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Turn,
    unauthorized,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=(
                "unexpected status 401 Unauthorized: Provided authentication token is expired., "
                "url: http://backend/v1/responses"
            ),
            kind={"httpConnectionFailed": {"httpStatusCode": 401}},
            bearers=["access-0", "access-0", "access-1"],
            account_ids=["workspace-1", "workspace-1", "workspace-1"],
        ),
        home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-1"}}),
        requests=Requests(
            counts={"POST /v1/responses": 3, "POST /oauth/token": 1}, refreshed_with=["refresh-0"]
        ),
    ),
    deviations=[
        Deviation(
            "<0.95.0",
            Expect(turn=Turn(message="unexpected status 401 Unauthorized: ")),
            reason="the answer of the model is left out",
        ),
    ],
    reports=["openai/codex#45663", "jahwag/clem#273", "yulonglin/dotfiles#150"],
)
