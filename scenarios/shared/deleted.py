"""auth.json vanishes under a running app-server, while it idles or while it refreshes.

Codex works on with what it knows, and what it is granted is lost: without the file that it has read
before, it takes itself for logged out, and stores nothing.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    File,
    Home,
    NoAuth,
    Read,
    Requests,
    Scenario,
    Story,
    do,
    grant,
)

GONE = do.put(NoAuth())
AFTERWARDS = [do.look(), do.read(), do.status(), do.turn(), do.look(), do.stop(), do.read()]
LOOKS = {"look": File(auth_json="absent"), "look_2": File(auth_json="absent")}

scenarios = {
    "while_idle": Scenario(
        auth=SIGNED_IN,
        story=[do.read(), GONE, *AFTERWARDS],
        expect=Expect(story=Story(**LOOKS, read_3=Read(account=None))),
        reports=["farion1231/cc-switch#6925"],
    ),
    "during_refresh": Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=grant(after=5)),
        story=[
            do.read(),
            do.together(do.read(refresh=True), GONE, after="POST /oauth/token"),
            *AFTERWARDS,
        ],
        expect=Expect(
            story=Story(**LOOKS, read_4=Read(account=None)),
            home=Home(auth_json="absent"),
            requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        ),
    ),
}
