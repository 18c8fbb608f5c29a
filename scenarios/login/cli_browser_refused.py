"""`codex login` waits for a browser, which comes back with a refusal: nobody is logged in."""

from harness import (
    LOCKED,
    Deviation,
    Expect,
    File,
    Home,
    Ran,
    Scenario,
    Story,
    Visited,
    do,
    matching,
)

scenario = Scenario(
    story=[
        do.begin("login"),
        do.visit(error="access_denied", error_description="some_other_reason"),
        do.finish(),
        do.look(),
    ],
    expect=Expect(
        story=Story(
            visit=Visited(
                status=200, location=None, text=matching("Sign-in failed: some_other_reason")
            ),
            finish=Ran(
                exit_code=1, text=matching("Error logging in: Sign-in failed: some_other_reason$")
            ),
            look=File(auth_json="absent"),
        ),
        home=Home(appeared=LOCKED),
    ),
    deviations=[
        Deviation(
            "<0.105.0",
            Expect(
                story=Story(
                    visit=Visited(status=400, text="Missing authorization code"),
                    finish=Ran(exit_code=None, text=matching("auth-url-1")),
                )
            ),
            reason="a refusal is not understood, and Codex goes on waiting",
        )
    ],
)
