"""The access token has expired, and the refresh token is expired, already used or revoked.

Codex asks twice and then knows better. It shows no account, yet says "Logged in" on the command
line, and sends the expired token with the turn.
"""

from harness import (
    AccessToken,
    Backend,
    Expect,
    Logout,
    Read,
    Refresh,
    Requests,
    Scenario,
    Status,
    refuse,
    signed_in,
    timedelta,
)

TWICE = ("refresh-0", "refresh-0")
COUNTS = {"POST /oauth/token": 2, "GET /backend-api/wham/accounts/check": 0}

scenarios = {
    code: Scenario(
        auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
        backend=Backend(token=refuse(401, f"refresh_token_{code}")),
        expect=Expect(
            read=Read(account=None),
            status=Status(auth_token=None),
            requests=Requests(counts=COUNTS, refreshed_with=TWICE),
            refresh=Refresh(account=None, auth_token=None, counts=COUNTS, refreshed_with=TWICE),
            logout=Logout(counts=COUNTS, refreshed_with=TWICE),
        ),
    )
    for code in ("expired", "reused", "invalidated")
}
