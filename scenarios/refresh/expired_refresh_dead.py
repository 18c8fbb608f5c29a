"""The access token has expired, and the refresh token is expired, already used or revoked.

Codex asks twice and then knows better. It shows no account, yet says "Logged in" on the command
line, and sends the expired token with the turn.
"""

from harness import (
    AccessToken,
    Backend,
    Deviation,
    Expect,
    Logout,
    Read,
    Refresh,
    Requests,
    Scenario,
    Status,
    account_updated,
    at_most,
    either,
    refuse,
    signed_in,
    timedelta,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
ROUTING = {"chatgptAccountId": "workspace-1"}
OUT = account_updated(None, None)
LATE = account_updated("chatgpt", "pro")
MAYBE = {"GET /backend-api/wham/accounts/check": at_most(1)}
TWICE = ("refresh-0", "refresh-0")
COUNTS = {"POST /oauth/token": 2, "GET /backend-api/wham/accounts/check": 0}
UPSTREAM = {
    "expired": {"home": ["refresh_token_returns_permanent_error_for_expired_refresh_token"]},
    "reused": {"refresh": ["refresh_token_does_not_retry_after_permanent_failure"]},
    "invalidated": {},
}

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
        upstream=UPSTREAM[code],
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(
                    read=Read(account=ACCOUNT),
                    status=Status(auth_token="access-0"),
                    requests=Requests(counts={"POST /oauth/token": 0}, refreshed_with=[]),
                    refresh=Refresh(
                        account=ACCOUNT,
                        auth_token="access-0",
                        counts={"POST /oauth/token": 1},
                        refreshed_with=["refresh-0"],
                    ),
                    logout=Logout(counts={"POST /oauth/token": 0}, refreshed_with=[]),
                ),
                reason="the expiry of an access token is not looked at, and no failure remembered",
            ),
            Deviation(
                ">=0.117.0,<0.128.0",
                Expect(read=Read(account=ACCOUNT), refresh=Refresh(account=ACCOUNT)),
                reason="the account is shown whatever became of its tokens",
            ),
            Deviation(
                ">=0.128.0,<0.156.0",
                Expect(read=Read(account=either(None, ACCOUNT))),
                reason="the account is shown for as long as the refresh takes",
            ),
            Deviation(
                ">=0.156.0,<0.157.0",
                Expect(
                    read=Read(account=either(None, ACCOUNT), routing=either(None, ROUTING)),
                    requests=Requests(counts=MAYBE),
                    refresh=Refresh(counts=MAYBE),
                    logout=Logout(counts=MAYBE, notifications=either([OUT], [LATE, OUT])),
                ),
                reason="routing is asked for while the refresh is under way, or not",
            ),
        ],
    )
    for code in ("expired", "reused", "invalidated")
}
