"""Three app-servers start at once in a home where no Codex has ever been, and some of them die.

Each wants to set up the databases of the home. Once that is done, all is well.
"""

from harness import ApiKeyAuth, Expect, Home, Layout, Scenario, Start, Story, do, either

DIED = "died: Codex ended without an answer to initialize"

scenario = Scenario(
    auth=ApiKeyAuth(),
    layout=Layout(home="empty"),
    story=[
        do.together(do.start(), do.start(on="second"), do.start(on="third")),
        do.turn(on="later"),
    ],
    expect=Expect(
        story=Story(
            start=Start(outcome=either("initialized", DIED)),
            second_start=Start(outcome=either("initialized", DIED)),
            third_start=Start(outcome=either("initialized", DIED)),
        ),
        home=Home(exit=either("0", "1")),
    ),
)
