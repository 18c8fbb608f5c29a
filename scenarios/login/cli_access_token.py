"""`codex login --with-access-token` is given what is no token of an agent, and stores nothing."""

from harness import Applies, Deviation, Expect, File, Ran, Scenario, Story, do

READING = "Reading access token from stdin...\n"
FAILED = f"{READING}Error logging in with access token: "
NO_JWT = "invalid agent identity JWT format"
NEWER = Deviation(
    ">=0.169.0",
    Expect(story=Story(run=Ran(text=f"{FAILED}failed to decode agent identity JWT: {NO_JWT}"))),
    reason="a newer wording",
)

scenarios = {
    variant: Scenario(
        applies=Applies(">=0.129.0", "there is no such option before"),
        story=[do.run("login", "--with-access-token", stdin=token), do.look()],
        expect=Expect(
            story=Story(
                run=Ran(exit_code=1, text=says),
                look=File(auth_json="absent"),
            )
        ),
        deviations=deviations,
        upstream={"story": pinned},
    )
    for variant, token, says, deviations, pinned in (
        (
            "junk",
            "not-a-jwt\n",
            f"{FAILED}{NO_JWT}",
            [NEWER],
            ["login_with_access_token_rejects_invalid_jwt"],
        ),
        ("nothing", "", f"{READING}No access token provided via stdin.", [], []),
    )
}
