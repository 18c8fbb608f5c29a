"""The access token is good for four more minutes, which is less than the five Codex wants.

It is refreshed like an expired one, though every service would still take it.
"""

from harness import AccessToken, Scenario, signed_in, timedelta

scenario = Scenario(auth=signed_in(access_token=AccessToken(expires_in=timedelta(minutes=4))))
