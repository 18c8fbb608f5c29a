"""One app-server logs out while another on the same home runs a turn.

The other works on: it shows the account, and sends the token that was revoked with it.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    File,
    Home,
    Requests,
    Scenario,
    Story,
    do,
    slow,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(responses=[slow(5)]),
    story=[
        do.read(),
        do.read(on="second"),
        do.together(do.turn(), do.logout(on="second"), after="POST /v1/responses"),
        do.look(),
        do.turn(),
        do.read(refresh=True),
        do.status(),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            look=File(auth_json="removed"),
        ),
        home=Home(auth_json="removed"),
        requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-0"]),
    ),
    deviations=[
        Deviation(
            "<0.105.0",
            Expect(
                requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"])
            ),
            reason="it refreshes, and can store nothing",
        )
    ],
    reports=["openai/codex#22577"],
)
