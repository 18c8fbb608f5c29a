"""Codex is killed between the request for new tokens and their coming: the old one is spent.

The home is as it was. The next app-server works with its access token until that is refreshed.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    File,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    do,
    rotating,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(token=rotating(after=5)),
    story=[
        do.read(),
        do.together(do.read(refresh=True), do.kill(), after="POST /oauth/token"),
        do.look(),
        do.turn(),
        do.status(refresh=True),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            read_2=Read(
                account=None,
                requires_openai_auth=None,
                error="died: Codex ended without an answer to account/read",
            ),
            look=File(auth_json="untouched"),
            status=Status(auth_token=None),
        ),
        requests=Requests(
            counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0", "refresh-0"]
        ),
    ),
    deviations=[
        Deviation(
            "<0.117.0",
            Expect(story=Story(status=Status(auth_token="access-0"))),
            reason="no failure is remembered, and the token is shown all the same",
        )
    ],
    reports=["alp82/curia#642"],
)
