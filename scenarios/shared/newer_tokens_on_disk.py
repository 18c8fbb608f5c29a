"""Newer tokens of the same account lie in auth.json when Codex is asked to refresh.

It takes them, and asks for others only when it is asked once more.
"""

from harness import (
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    signed_in,
    stored_tokens,
)

scenario = Scenario(
    auth=signed_in(access_token="opaque-token"),
    story=[
        do.read(),
        do.put(signed_in(refresh_token="newer-refresh-token")),
        do.status(refresh=True),
        do.turn(),
        do.status(refresh=True),
    ],
    expect=Expect(
        story=Story(
            status=Status(auth_token="access-put-1"),
            turn=Turn(bearers=["access-put-1"]),
            status_2=Status(auth_token="access-1"),
        ),
        home=Home(auth_json="rewritten", auth=stored_tokens(1)),
        requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-put-1"]),
    ),
    deviations=[
        Deviation(
            "<0.105.0",
            Expect(
                story=Story(
                    status=Status(auth_token="access-1"),
                    turn=Turn(bearers=["access-1"]),
                    status_2=Status(auth_token="access-2"),
                ),
                home=Home(auth=stored_tokens(2)),
                requests=Requests(
                    counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0", "refresh-1"]
                ),
            ),
            reason="a refresh does not look whether the file has changed",
        )
    ],
    upstream={"story": ["refresh_token_skips_refresh_when_auth_changed"]},
)
