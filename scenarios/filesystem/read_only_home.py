"""Nothing can be written into the home, but for auth.json, or not even that.

The app-server does not start, for its databases; the command line tells who is signed in. A logout
revokes the token and only then finds that it cannot remove it.
"""

from harness import (
    SIGNED_IN,
    Deviation,
    Expect,
    File,
    Home,
    Layout,
    Ran,
    Requests,
    Scenario,
    Start,
    Story,
    do,
    matching,
)

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        layout=Layout(file_mode=mode, home_mode="0500"),
        story=[do.start(), do.run("login", "status"), do.run("logout"), do.look()],
        expect=Expect(
            story=Story(
                start=Start(outcome=matching("^died"), stderr=matching("sqlite state runtime")),
                run=Ran(text="Logged in using ChatGPT"),
                run_2=Ran(exit_code=1, text=matching("Permission denied")),
                look=File(auth_json="untouched"),
            ),
            home=Home(exit="1"),
            requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-0"]),
        ),
        deviations=[
            Deviation(
                "<0.131.0",
                Expect(
                    story=Story(start=Start(outcome="initialized", stderr="")),
                    home=Home(exit="0"),
                ),
                reason="it starts without its databases",
            ),
            Deviation(
                ">=0.131.0,<0.133.0",
                Expect(story=Story(start=Start(stderr=matching("sqlite state db")))),
                reason="it says that otherwise",
            ),
        ],
    )
    for name, mode in {"but_for_auth_json": "0600", "at_all": "0400"}.items()
}
