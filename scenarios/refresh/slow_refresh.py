"""The token endpoint takes its time to refresh an expired token: all wait, nothing breaks."""

from harness import AccessToken, Backend, Scenario, signed_in, slow, timedelta

scenario = Scenario(
    auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
    backend=Backend(token=slow(0.3)),
)
