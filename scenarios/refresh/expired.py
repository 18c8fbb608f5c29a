"""The access token expired an hour ago; the refresh token still works.

Codex refreshes when it starts, before anybody asks, and goes on with the new tokens.
"""

from harness import AccessToken, Scenario, signed_in, timedelta

scenario = Scenario(auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))))
