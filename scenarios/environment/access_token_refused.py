"""The model answers 401 to a personal access token: there is nothing to refresh, the turn fails."""

from harness import (
    Applies,
    Backend,
    Expect,
    PersonalAccessToken,
    Scenario,
    Turn,
    matching,
    unauthorized,
)

scenario = Scenario(
    auth=PersonalAccessToken(),
    backend=Backend(responses=unauthorized()),
    applies=Applies(">=0.138.0", "personal access tokens came with 0.138.0"),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=matching("^unexpected status 401 Unauthorized"),
            kind={"httpConnectionFailed": {"httpStatusCode": 401}},
        )
    ),
    reports=["Wei-Shaw/sub2api#3421"],
    upstream={"requests": ["personal_access_token_does_not_offer_unauthorized_recovery"]},
)
