"""auth.json says ``chatgptAuthTokens``, the mode of tokens that a host owns and keeps in memory.

Codex uses the tokens and leaves their refresh to a host that is not there; nor does it revoke them.
"""

from harness import (
    SIGNED_IN,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    Logout,
    Refresh,
    Scenario,
    Status,
    edited,
)

scenario = Scenario(
    auth=edited(SIGNED_IN, auth_mode="chatgptAuthTokens"),
    expect=Expect(
        status=Status(auth_method="chatgptAuthTokens"),
        refresh=Refresh(
            auth_method="chatgptAuthTokens",
            auth_token="access-0",
            auth_json="untouched",
            auth={"auth_mode": "chatgptAuthTokens", "tokens": {"access_token": "access-0"}},
            counts={"POST /oauth/token": 0, "GET /backend-api/wham/accounts/check": 1},
            refreshed_with=[],
        ),
        logout=Logout(revoked=[], counts={"POST /oauth/revoke": 0}),
        cli_logout=CliLogout(revoked=[], counts={"POST /oauth/revoke": 0}),
    ),
    deviations=[
        Deviation(
            "<0.99.0",
            Expect(cli_status=CliStatus(text="Logged in using ChatGPT (external tokens)")),
            reason="the command line tells such tokens apart",
        )
    ],
)
