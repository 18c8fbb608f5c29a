"""Neither the access token nor the refresh token is good any more: codex exec says which error.

It leaves auth.json as it is, so the next run fails in the same way. Within one run each part of it
finds out by itself: the dead refresh token is sent four times.
"""

from harness import (
    AccessToken,
    Backend,
    Deviation,
    Expect,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
    refuse,
    signed_in,
    timedelta,
    unauthorized,
)

WHY = {
    "expired": "your refresh token has expired",
    "reused": "your refresh token was already used",
    "invalidated": "your refresh token was revoked",
}

scenarios = {
    code: Scenario(
        auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
        backend=Backend(token=refuse(401, f"refresh_token_{code}"), responses=unauthorized()),
        story=[do.exec()],
        expect=Expect(
            story=Story(
                exec=Ran(
                    exit_code=1,
                    text=f"Your access token could not be refreshed because {why}. "
                    "Please log out and sign in again.",
                    bearers=["access-0"] * 2,
                    account_ids=["workspace-1"] * 2,
                )
            ),
            requests=Requests(
                counts={"POST /oauth/token": 4, "POST /v1/responses": 2},
                refreshed_with=["refresh-0"] * 4,
            ),
        ),
        deviations=[
            Deviation(
                releases,
                Expect(
                    requests=Requests(
                        counts={"POST /oauth/token": times}, refreshed_with=["refresh-0"] * times
                    )
                ),
                reason=reason,
            )
            for releases, times, reason in [
                ("<0.117.0", 1, "the expiry of an access token is not looked at"),
                (">=0.117.0,<0.157.0", 2, "one part of it less finds out by itself"),
            ]
        ],
    )
    for code, why in WHY.items()
}
