"""Two app-servers share a home; one refreshes, the other comes to know of it when it needs to.

Until it is asked to refresh it sends the old token; then it takes what it finds, and spends none.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    rotating,
    stored_tokens,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(token=rotating()),
    story=[
        do.read(),
        do.read(on="second"),
        do.read(refresh=True),
        do.status(on="second"),
        do.turn(on="second"),
        do.read(refresh=True, on="second"),
        do.status(on="second"),
        do.turn(on="second"),
    ],
    expect=Expect(
        story=Story(
            second_status_2=Status(auth_token="access-1"),
            second_turn_2=Turn(bearers=["access-1"]),
        ),
        home=Home(auth_json="rewritten", auth=stored_tokens(1)),
        requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
    ),
    deviations=[
        Deviation(
            "<0.105.0",
            Expect(
                story=Story(
                    second_status_2=Status(auth_token="access-0"),
                    second_turn_2=Turn(bearers=["access-0"]),
                ),
                requests=Requests(
                    counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0", "refresh-0"]
                ),
            ),
            reason="a refresh does not look whether the file has changed",
        )
    ],
)
