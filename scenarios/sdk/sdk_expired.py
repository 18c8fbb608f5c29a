"""A program on the Python SDK starts with an expired access token, which Codex refreshes."""

from harness import AccessToken, Applies, Scenario, do, signed_in, timedelta

scenario = Scenario(
    auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
    story=[do.sdk()],
    applies=Applies(">=0.129.0", "the SDK understands no older release"),
)
