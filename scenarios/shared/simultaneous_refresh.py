"""Two app-servers on one home refresh at the same moment; each refresh token is good for once.

The one that comes second is told that its token was used already, and takes that for final: it is
signed out until it is started again, though the good tokens lie in the home that both share.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    File,
    Home,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    rotating,
    stored_tokens,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(token=rotating(after=0.25)),
    story=[
        do.read(),
        do.read(on="second"),
        do.together(
            do.read(refresh=True),
            do.read(refresh=True, on="second"),
            after="POST /oauth/token",
        ),
        do.look(),
        do.status(),
        do.status(on="second"),
        do.turn(),
        do.turn(on="second"),
    ],
    expect=Expect(
        story=Story(
            second_read_2=Read(account=None),
            look=File(auth_json="rewritten"),
            status=Status(auth_token="access-1"),
            second_status=Status(auth_token=None),
            turn=Turn(bearers=["access-1"]),
        ),
        home=Home(auth_json="rewritten", auth=stored_tokens(1)),
        requests=Requests(
            counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0", "refresh-0"]
        ),
    ),
    reports=["openai/codex#10332", "openai/codex#9634", "openai/codex#24365"],
)
