"""Each refresh of an expired token grants one that has expired as well, the first twenty times.

Codex refreshes without a pause until it is granted a token that it may use, and the turn waits for
it: with a clock that is wrong by more than the lifetime of a token, for ever.
"""

from harness import (
    AccessToken,
    Backend,
    Deviation,
    Expect,
    Home,
    Logout,
    Refresh,
    Requests,
    Scenario,
    Status,
    Turn,
    between,
    every,
    grant,
    matching,
    signed_in,
    timedelta,
)

CHECK, SETTINGS, TOKEN = (
    "GET /backend-api/wham/accounts/check",
    "GET /backend-api/wham/settings/user",
    "POST /oauth/token",
)
REFRESH = matching(r"^refresh-\d+$")
REDEEMED = every(REFRESH)
LATE, ANY = matching(r"^access-2\d$"), matching(r"^access-\d+$")

# Chance decides what refreshes in the background before others ask.
scenario = Scenario(
    auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
    backend=Backend(token=[grant(expires_in=-60)] * 20),
    expect=Expect(
        status=Status(auth_token=ANY),
        turn=Turn(bearers=[LATE]),
        home=Home(
            auth={
                "tokens": {
                    "access_token": LATE,
                    "id_token": matching(r"^id-2\d$"),
                    "refresh_token": matching(r"^refresh-2\d$"),
                }
            }
        ),
        requests=Requests(
            counts={CHECK: between(1, 4), SETTINGS: between(1, 3), TOKEN: between(21, 24)},
            refreshed_with=REDEEMED,
            bearers=every(ANY),
        ),
        refresh=Refresh(
            auth_token=ANY,
            auth={"tokens": {"access_token": ANY}},
            counts={CHECK: between(1, 4), TOKEN: between(4, 9)},
            refreshed_with=REDEEMED,
        ),
        logout=Logout(
            counts={CHECK: between(1, 4), TOKEN: between(2, 8)},
            refreshed_with=REDEEMED,
            revoked=[matching(r"^refresh-\d$")],
        ),
    ),
    deviations=[
        Deviation(
            "<0.117.0",
            Expect(
                turn=Turn(bearers=["access-0"]),
                home=Home(
                    auth={
                        "tokens": {
                            "access_token": "access-0",
                            "id_token": "id-0",
                            "refresh_token": "refresh-0",
                        }
                    }
                ),
                requests=Requests(counts={TOKEN: 0}),
                refresh=Refresh(auth_token="access-1", counts={TOKEN: 1}),
                logout=Logout(counts={TOKEN: 0}, revoked=["refresh-0"]),
            ),
            reason="the expiry of an access token is not looked at",
        ),
        Deviation(
            ">=0.117.0,<0.146.0",
            Expect(
                turn=Turn(bearers=[ANY]),
                home=Home(
                    auth={
                        "tokens": {
                            "access_token": ANY,
                            "id_token": matching(r"^id-\d+$"),
                            "refresh_token": REFRESH,
                        }
                    }
                ),
                requests=Requests(counts={TOKEN: between(8, 17)}),
            ),
            reason="it is refreshed once for each use, and used all the same",
        ),
    ],
)
