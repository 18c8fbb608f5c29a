"""`codex login --with-access-token` is given what is no token of an agent, and stores nothing."""

from harness import Applies, Expect, File, Ran, Scenario, Story, do

JUNK = "Error logging in with access token: invalid agent identity JWT format"

scenarios = {
    variant: Scenario(
        applies=Applies(">=0.129.0", "there is no such option before"),
        story=[do.run("login", "--with-access-token", stdin=token), do.look()],
        expect=Expect(
            story=Story(
                run=Ran(exit_code=1, text=f"Reading access token from stdin...\n{says}"),
                look=File(auth_json="absent"),
            )
        ),
        upstream={"story": pinned},
    )
    for variant, token, says, pinned in (
        ("junk", "not-a-jwt\n", JUNK, ["login_with_access_token_rejects_invalid_jwt"]),
        ("nothing", "", "No access token provided via stdin.", []),
    )
}
