"""The codex home is a link to a directory elsewhere, which makes no difference."""

from harness import (
    SIGNED_IN,
    Expect,
    File,
    Home,
    Layout,
    Requests,
    Scenario,
    Story,
    Turn,
    do,
)

scenario = Scenario(
    auth=SIGNED_IN,
    layout=Layout(home="link"),
    story=[do.read(refresh=True), do.turn(), do.look(), do.logout(), do.look()],
    expect=Expect(
        story=Story(
            turn=Turn(bearers=["access-1"]),
            look=File(auth_json="rewritten", kind="file"),
            look_2=File(auth_json="removed"),
        ),
        home=Home(auth_json="removed"),
        requests=Requests(
            counts={"POST /oauth/token": 1, "POST /oauth/revoke": 1},
            refreshed_with=["refresh-0"],
            revoked=["refresh-1"],
        ),
    ),
)
