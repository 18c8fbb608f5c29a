"""The refresh token is empty, as of a sign-in taken from a browser: Codex redeems it all the same.

While the access token is good nobody notices. What comes of the request is up to the service, which
grants new tokens here, or refuses: Codex then asks again and again. A logout revokes the access
token instead.
"""

from harness import (
    AccessToken,
    Backend,
    Deviation,
    Expect,
    Refresh,
    Requests,
    Scenario,
    Turn,
    between,
    every,
    refuse,
    signed_in,
    timedelta,
    unauthorized,
)

EXPIRES_IN = {
    "valid": timedelta(days=10),
    "expires-soon": timedelta(minutes=4),
    "expired": -timedelta(hours=1),
}
MISSING = "Missing required parameter: refresh_token."
REFUSED = refuse(400, "invalid_request", MISSING)
REPORTS = ["zhishile/codex-auth-helper#24", "yc-software/qm#1482"]

scenarios = {
    name: Scenario(
        auth=signed_in(refresh_token="", access_token=AccessToken(expires_in=expires_in)),
        reports=REPORTS,
    )
    for name, expires_in in EXPIRES_IN.items()
} | {
    "unauthorized": Scenario(
        auth=signed_in(refresh_token=""),
        backend=Backend(responses=unauthorized(), token=REFUSED),
        expect=Expect(
            turn=Turn(
                outcome="failed",
                message=f"Failed to refresh token: 400 Bad Request: {MISSING}",
                kind="other",
                bearers=["access-0"] * 2,
                account_ids=["workspace-1"] * 2,
            ),
            requests=Requests(
                counts={"POST /v1/responses": 2, "POST /oauth/token": 1}, refreshed_with=[""]
            ),
            refresh=Refresh(counts={"POST /oauth/token": 1}, refreshed_with=[""]),
        ),
        deviations=[
            Deviation(
                ">=0.164.0",
                Expect(turn=Turn(message="Failed to refresh token: 400 Bad Request")),
                reason="what the service says is kept from the user",
            )
        ],
        reports=REPORTS,
    ),
    "expired_refused": Scenario(
        auth=signed_in(
            refresh_token="", access_token=AccessToken(expires_in=EXPIRES_IN["expired"])
        ),
        stages=["session"],
        backend=Backend(token=REFUSED),
        expect=Expect(
            requests=Requests(
                counts={"POST /oauth/token": between(5, 40)}, refreshed_with=every(r"\A\Z")
            )
        ),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(requests=Requests(counts={"POST /oauth/token": 0})),
                reason="the expiry of the token is not read yet",
            )
        ],
        reports=REPORTS,
    ),
}
