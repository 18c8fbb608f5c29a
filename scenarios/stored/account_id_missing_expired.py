"""The access token has expired, and no account id says whose it was: Codex does not refresh it.

It goes on to send the expired token, and calls itself signed in.
"""

from harness import AccessToken, Scenario, signed_in, timedelta

scenario = Scenario(
    auth=signed_in(account_id=None, access_token=AccessToken(expires_in=-timedelta(hours=1)))
)
