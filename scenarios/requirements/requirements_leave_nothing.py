"""The requirements allow one login method and config.toml forces the other: Codex does not start.

Nothing of it does, not even codex logout: the home stays as it is.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Expect,
    Home,
    Ran,
    Requests,
    Scenario,
    Start,
    Story,
    do,
    matching,
)

WHY = "authentication requirements do not permit any usable login method"

scenario = Scenario(
    auth=SIGNED_IN,
    requirements={"allowed_login_methods": ["api"]},
    config={"forced_login_method": "chatgpt"},
    story=[do.start(), do.run("login", "status"), do.exec(), do.run("logout")],
    expect=Expect(
        story=Story(
            start=Start(
                outcome="died: Codex ended without an answer to initialize", stderr=matching(WHY)
            ),
            run=Ran(exit_code=1, text=f"Error loading configuration: {WHY}"),
            exec=Ran(exit_code=1, text=f"Error: {WHY}", bearers=[], account_ids=[]),
            run_2=Ran(exit_code=1, text=f"Error loading configuration: {WHY}"),
        ),
        home=Home(exit="1"),
        requests=Requests(counts={"POST /v1/responses": 0}),
    ),
    applies=Applies(">=0.147.0", "requirements for logins are new"),
)
