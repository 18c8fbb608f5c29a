"""The tokens are far longer than usual, eight thousand characters and more."""

from harness import AccessToken, Scenario, signed_in, timedelta

JWT = AccessToken(expires_in=timedelta(days=10), name="access-0-" * 900)

scenarios = {
    "opaque": Scenario(auth=signed_in(access_token="access-0-" * 900)),
    "jwt": Scenario(auth=signed_in(access_token=JWT, email=f"{'someone.' * 900}@example.com")),
}
