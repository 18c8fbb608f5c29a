"""Two app-servers start at once in a home whose access token is due, and both refresh it.

The second is told that its token was used already, yet finds those of the first when it needs them.
"""

from harness import (
    AccessToken,
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
    signed_in,
    stored_tokens,
    timedelta,
)

NOT_DUE = Expect(
    story=Story(
        status=Status(auth_token="access-0"),
        second_status=Status(auth_token="access-0"),
        turn=Turn(bearers=["access-0"]),
        second_turn=Turn(bearers=["access-0"]),
    ),
    home=Home(auth_json="untouched", auth=stored_tokens(0)),
    requests=Requests(counts={"POST /oauth/token": 0}, refreshed_with=[]),
)

scenarios = {
    name: Scenario(
        auth=signed_in(access_token=AccessToken(expires_in=left)),
        backend=Backend(token=rotating(at_once=2, after=1)),
        story=[
            do.together(do.start(), do.start(on="second"), after="POST /oauth/token"),
            do.status(),
            do.status(on="second"),
            do.turn(),
            do.turn(on="second"),
            do.read(on="second"),
        ],
        expect=Expect(
            story=Story(
                status=Status(auth_token="access-1"),
                second_status=Status(auth_token="access-1"),
                turn=Turn(bearers=["access-1"]),
                second_turn=Turn(bearers=["access-1"]),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(1)),
            requests=Requests(
                counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0", "refresh-0"]
            ),
        ),
        deviations=[Deviation(before, NOT_DUE, reason="that is not yet looked at")],
        reports=["openai/codex#10332"],
    )
    for name, left, before in [
        ("expired", -timedelta(hours=1), "<0.117.0"),
        ("near_expiry", timedelta(minutes=4), "<0.136.0"),
    ]
}
