"""The user's settings answer 401 thirty times, as behind a gateway that knows no such path.

Codex asks for them before the turn, refreshes a good access token after every second refusal, and
begins anew without a pause: where they are refused for good, the turn never begins, and tokens are
refreshed several times a second.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Turn,
    unauthorized,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(settings=[unauthorized()] * 30),
    applies=Applies(">=0.146.0", "the settings of the user came with 0.146.0"),
    expect=Expect(
        turn=Turn(bearers=["access-10"]),
        home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-10"}}),
        requests=Requests(
            counts={"GET /backend-api/wham/settings/user": 31, "POST /oauth/token": 10},
            refreshed_with=[f"refresh-{number}" for number in range(10)],
        ),
    ),
    deviations=[
        Deviation(
            ">=0.169.0",
            Expect(
                turn=Turn(bearers=["access-2"]),
                home=Home(auth={"tokens": {"access_token": "access-2"}}),
                requests=Requests(
                    counts={"GET /backend-api/wham/settings/user": 6, "POST /oauth/token": 2},
                    refreshed_with=["refresh-0", "refresh-1"],
                ),
            ),
            reason="it gives up after the second refresh, and the turn begins",
        )
    ],
)
