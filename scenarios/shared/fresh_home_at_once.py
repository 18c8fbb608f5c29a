"""Three app-servers start at once in a home where no Codex has ever been, and some of them die.

Each wants to set up the databases of the home. Once that is done, all is well.
"""

from harness import (
    ApiKeyAuth,
    Expect,
    Home,
    Layout,
    Scenario,
    Start,
    Story,
    Traces,
    do,
    either,
    every,
    matching,
)

DIED = "died: Codex ended without an answer to initialize"
MAY_DIE = Start(
    outcome=either("initialized", DIED),
    agent=either(None, matching("^codex-auth-scenarios/")),
    codex_home=either(None, "/world/codex-home"),
    stderr=either("", matching("sqlite|database")),
)

scenario = Scenario(
    auth=ApiKeyAuth(),
    layout=Layout(home="empty"),
    story=[
        do.together(do.start(), do.start(on="second"), do.start(on="third")),
        do.turn(on="later"),
    ],
    expect=Expect(
        story=Story(
            start=MAY_DIE,
            second_start=MAY_DIE,
            third_start=MAY_DIE,
        ),
        home=Home(exit=either("0", "1")),
        traces=Traces(exits=every("^[01]$")),
    ),
)
