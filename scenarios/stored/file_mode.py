"""Others than the owner may read auth.json: Codex says nothing, and does not close it.

Before 0.169.0 even a refresh, which writes the file anew, leaves it as open as it was.
"""

from harness import SIGNED_IN, AccessToken, Layout, Scenario, signed_in, timedelta

EXPIRED = AccessToken(expires_in=-timedelta(hours=1))

scenarios = {
    "untouched": Scenario(auth=SIGNED_IN, layout=Layout(file_mode="0644")),
    "refreshed": Scenario(auth=signed_in(access_token=EXPIRED), layout=Layout(file_mode="0666")),
}
