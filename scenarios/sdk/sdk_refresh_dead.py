"""No token is good any more: the Python SDK shows no account and raises a bare RuntimeError.

What kind of failure it was, codexErrorInfo, is lost: a program has nothing but the text.
"""

from harness import (
    AccessToken,
    Applies,
    Backend,
    Deviation,
    Expect,
    Requests,
    Scenario,
    Story,
    Used,
    do,
    either,
    refuse,
    signed_in,
    timedelta,
    unauthorized,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}

scenario = Scenario(
    auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
    backend=Backend(token=refuse(401, "refresh_token_reused"), responses=unauthorized()),
    story=[do.sdk()],
    expect=Expect(
        story=Story(
            sdk=Used(
                account=None,
                outcome="RuntimeError",
                message="Your access token could not be refreshed because your refresh token was "
                "already used. Please log out and sign in again.",
                bearers=["access-0"] * 2,
                account_ids=["workspace-1"] * 2,
            )
        ),
        requests=Requests(
            counts={"POST /oauth/token": 2, "POST /v1/responses": 2},
            refreshed_with=["refresh-0"] * 2,
        ),
    ),
    deviations=[
        Deviation(
            "<0.157.0",
            Expect(story=Story(sdk=Used(account=either(None, ACCOUNT)))),
            reason="the account is shown for as long as the refresh takes",
        )
    ],
    applies=Applies(">=0.129.0", "the SDK understands no older release"),
)
