"""The model refuses the token, and Codex knows no account id to refresh it for.

The turn fails at once with advice to sign in again, as after a change of accounts.
"""

from harness import (
    Backend,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Turn,
    matching,
    signed_in,
    unauthorized,
)

scenario = Scenario(
    auth=signed_in(account_id=None, chatgpt_account_id=None),
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=(
                "Your access token could not be refreshed because you have since logged out or "
                "signed in to another account. Please sign in again."
            ),
            kind="unauthorized",
        )
    ),
    deviations=[
        Deviation(
            "<0.105.0",
            Expect(
                turn=Turn(
                    message=matching("^unexpected status 401 Unauthorized: "),
                    kind="other",
                    bearers=["access-0", "access-1"],
                    account_ids=[None, None],
                ),
                home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-1"}}),
                requests=Requests(
                    counts={"POST /v1/responses": 2, "POST /oauth/token": 1},
                    refreshed_with=["refresh-0"],
                ),
            ),
            reason="tokens are refreshed whosever they are",
        )
    ],
)
