"""A client starts a thread and a turn, and asks nothing of the account before: that is enough.

Codex refreshes at its start what has expired, or is about to.
"""

from harness import AccessToken, Scenario, do, signed_in, timedelta

scenarios = {
    name: Scenario(
        auth=signed_in(access_token=AccessToken(expires_in=expires_in)),
        story=[do.turn()],
        reports=["openonion/connectonion#874", "openclaw/openclaw#70511"],
    )
    for name, expires_in in (
        ("expires_soon", timedelta(minutes=4)),
        ("expired", -timedelta(hours=1)),
    )
}
