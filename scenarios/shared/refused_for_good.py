"""The refresh token is dead: Codex asks with it twice a start, however often it is needed.

It shows neither the account nor its token, and sends the expired token with every turn.
"""

from harness import (
    AccessToken,
    Applies,
    Backend,
    Deviation,
    Expect,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    do,
    refuse,
    signed_in,
    timedelta,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
OLDER = [
    Deviation(
        "<0.117.0",
        Expect(
            story=Story(
                status=Status(auth_token="access-0"),
                status_2=Status(auth_token="access-0"),
                read=Read(account=ACCOUNT),
                read_2=Read(account=ACCOUNT),
                status_3=Status(auth_token="access-0"),
            ),
            requests=Requests(counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0"] * 2),
        ),
        reason="the expiry is not looked at, and no failure remembered",
    ),
    Deviation(
        ">=0.117.0,<0.128.0",
        Expect(story=Story(read=Read(account=ACCOUNT), read_2=Read(account=ACCOUNT))),
        reason="the account is shown whatever became of its tokens",
    ),
]

scenarios = {
    name: Scenario(
        auth=signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1))),
        backend=Backend(token=refuse(status, code)),
        story=[
            do.status(),
            do.status(refresh=True),
            do.read(),
            do.read(refresh=True),
            do.limits(),
            do.turn(),
            do.turn(),
            do.stop(),
            do.status(),
            do.turn(),
        ],
        expect=Expect(
            story=Story(
                status=Status(auth_token=None),
                status_2=Status(auth_token=None),
                read=Read(account=None),
                read_2=Read(account=None),
                status_3=Status(auth_token=None),
            ),
            requests=Requests(counts={"POST /oauth/token": 4}, refreshed_with=["refresh-0"] * 4),
        ),
        applies=applies,
        deviations=deviations,
        reports=["vm0-ai/vm0#27957"],
    )
    for name, status, code, applies, deviations in [
        ("reused", 401, "refresh_token_reused", Applies(">=0.93.0", ""), OLDER),
        ("invalid_grant", 400, "invalid_grant", Applies(">=0.149.0", "not final before"), []),
    ]
}
