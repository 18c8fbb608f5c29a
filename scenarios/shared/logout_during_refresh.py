"""One app-server logs out while another waits for new tokens: the account does not come back.

The new tokens are lost, as the file is gone for which they were meant. The other app-server goes
on with the token that it has.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    File,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    do,
    grant,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(token=grant(after=0.5)),
    story=[
        do.start(),
        do.start(on="second"),
        do.together(do.read(refresh=True), do.logout(on="second"), after="POST /oauth/token"),
        do.look(),
        do.status(),
        do.status(on="second"),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            look=File(auth_json="removed"),
            second_status=Status(auth_method=None, auth_token=None),
        ),
        home=Home(auth_json="removed"),
        requests=Requests(
            counts={"POST /oauth/revoke": 1, "POST /oauth/token": 1},
            refreshed_with=["refresh-0"],
            revoked=["refresh-0"],
        ),
    ),
)
