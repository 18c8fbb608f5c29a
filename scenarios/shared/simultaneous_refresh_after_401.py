"""The model answers 401 to two app-servers on one home, and both refresh at the same moment.

The turn of the second fails, though the tokens that the first was given lie in the home by then;
its next turn finds them.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    Home,
    Requests,
    Scenario,
    Story,
    Turn,
    do,
    matching,
    rotating,
    stored_tokens,
    unauthorized,
    until_refreshed,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(token=rotating(at_once=2, after=1), responses=until_refreshed(unauthorized())),
    story=[
        do.read(),
        do.read(on="second"),
        do.together(do.turn(), do.turn(on="second"), after="POST /oauth/token"),
        do.turn(on="second"),
        do.stop(on="second"),
        do.turn(on="second"),
    ],
    expect=Expect(
        story=Story(
            turn=Turn(
                bearers=["access-0", "access-0", "access-1"], account_ids=["workspace-1"] * 3
            ),
            second_turn=Turn(
                outcome="failed",
                message=matching("your refresh token was already used"),
                kind="unauthorized",
                bearers=["access-0", "access-0"],
                account_ids=["workspace-1"] * 2,
            ),
            second_turn_2=Turn(bearers=["access-0", "access-1"], account_ids=["workspace-1"] * 2),
            second_turn_3=Turn(bearers=["access-1"]),
        ),
        home=Home(auth_json="rewritten", auth=stored_tokens(1)),
        requests=Requests(
            counts={"POST /oauth/token": 2, "POST /v1/responses": 8},
            refreshed_with=["refresh-0", "refresh-0"],
        ),
    ),
    reports=["openai/codex#10332"],
)
