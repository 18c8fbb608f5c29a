"""The backend says late, or at the second time, whose the personal access token in auth.json is.

The app-server asks again by itself; ``codex login status`` asks once.
"""

from harness import (
    Applies,
    Backend,
    CliStatus,
    Expect,
    PersonalAccessToken,
    Reply,
    Scenario,
    slow,
)

SINCE = Applies(">=0.140.0", "personal access tokens came with 0.138.0")

scenarios = {
    "late": Scenario(auth=PersonalAccessToken(), backend=Backend(whoami=slow(1.5)), applies=SINCE),
    "at_second_time": Scenario(
        auth=PersonalAccessToken(),
        backend=Backend(whoami=[Reply(500)]),
        applies=SINCE,
        expect=Expect(
            cli_status=CliStatus(
                exit_code=1,
                text="Error checking login status: personal access token metadata request failed "
                "with status 500 Internal Server Error",
            )
        ),
    ),
}
