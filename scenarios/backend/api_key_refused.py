"""The model answers 401 to the API key: there is nothing to refresh, and the turn fails at once."""

from harness import ApiKeyAuth, Backend, Expect, Scenario, Turn, matching, unauthorized

scenario = Scenario(
    auth=ApiKeyAuth(),
    stages=["session"],
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=matching("^unexpected status 401 Unauthorized"),
            kind={"httpConnectionFailed": {"httpStatusCode": 401}},
        )
    ),
    upstream={"turn": ["unauthorized_recovery_requires_chatgpt_auth"]},
)
