"""A host signs in with a token that has expired: Codex sends it, asks for no other."""

from harness import AccessToken, Host, HostTokens, Scenario, timedelta

scenario = Scenario(
    host=Host(logins=HostTokens(access_token=AccessToken(expires_in=-timedelta(hours=1))))
)
