"""Others than the owner may read auth.json: Codex says nothing, and does not close it.

Before 0.169.0 even a refresh, which writes the file anew, leaves it as open as it was.
"""

from harness import (
    SIGNED_IN,
    AccessToken,
    Deviation,
    Expect,
    Layout,
    Scenario,
    Traces,
    signed_in,
    timedelta,
)

EXPIRED = AccessToken(expires_in=-timedelta(hours=1))

MENDED = Deviation(
    ">=0.169.0",
    Expect(traces=Traces(files=["0600 codex-home/auth.json"])),
    reason="a refresh makes the file anew",
)

scenarios = {
    "untouched": Scenario(
        auth=SIGNED_IN,
        layout=Layout(file_mode="0644"),
        deviations=[MENDED],
    ),
    "refreshed": Scenario(
        auth=signed_in(access_token=EXPIRED),
        layout=Layout(file_mode="0666"),
        deviations=[MENDED],
    ),
}
