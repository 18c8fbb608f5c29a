"""A logout revokes the refresh token, and goes on whatever becomes of that.

It waits for an answer for ten seconds.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    File,
    Home,
    Reply,
    Requests,
    Scenario,
    Story,
    Turn,
    do,
    drop,
    slow,
)

PINNED = {
    "granted": "logout_with_revoke_revokes_refresh_token_then_removes_auth",
    "fails": "logout_with_revoke_removes_auth_when_revoke_fails",
    "hangs": "revoke_request_times_out",
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=backend,
        story=[do.read(), do.logout(), do.look(), do.turn()],
        expect=Expect(
            story=Story(
                look=File(auth_json="removed"),
                turn=Turn(bearers=[None], account_ids=[None]),
            ),
            home=Home(auth_json="removed"),
            requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-0"]),
        ),
        upstream={"story": [PINNED[name]]} if name in PINNED else {},
        reports=["openai/codex#22577"],
    )
    for name, backend in {
        "granted": Backend(revoke=Reply(200, json={})),
        "fails": Backend(revoke=Reply(500, body="oops")),
        "breaks": Backend(revoke=drop()),
        "hangs": Backend(revoke=slow(60)),
    }.items()
}
