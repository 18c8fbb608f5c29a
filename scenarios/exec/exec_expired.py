"""The access token has expired: codex exec refreshes it before it asks the model."""

from harness import AccessToken, Scenario, do, signed_in, timedelta

scenario = Scenario(
    auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
    story=[do.exec()],
)
