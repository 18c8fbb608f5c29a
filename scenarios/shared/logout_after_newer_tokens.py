"""auth.json holds newer tokens of the same account when a running app-server logs out.

Codex revokes what lies on the disk, and not what it knows.
"""

from harness import (
    SIGNED_IN,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    do,
    signed_in,
)

scenario = Scenario(
    auth=SIGNED_IN,
    story=[do.read(), do.put(signed_in(refresh_token="newer-refresh-token")), do.logout()],
    expect=Expect(
        home=Home(auth_json="removed"),
        requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-put-1"]),
    ),
    deviations=[
        Deviation(
            ">=0.122.0,<0.161.0",
            Expect(requests=Requests(revoked=["refresh-0"])),
            reason="it revokes the token that it knows, and leaves the one on the disk alive",
        )
    ],
    upstream={"requests": ["auth_manager_logout_with_revoke_uses_cached_auth"]},
)
