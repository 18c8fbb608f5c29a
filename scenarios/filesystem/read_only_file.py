"""auth.json must not be written, as where it is mounted: new tokens cannot be kept.

The refresh is made all the same, and the refresh token spent; what comes of it is thrown away. Only
the second refresh fails. A login is refused, yet a logout removes the file.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    File,
    Home,
    Layout,
    Login,
    Read,
    Requests,
    RpcError,
    Scenario,
    Status,
    Story,
    do,
    rotating,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}

scenario = Scenario(
    auth=SIGNED_IN,
    layout=Layout(file_mode="0400"),
    backend=Backend(token=rotating()),
    story=[
        do.read(refresh=True),
        do.status(),
        do.turn(),
        do.look(),
        do.read(refresh=True),
        do.status(),
        do.stop(),
        do.turn(),
        do.login({"type": "apiKey", "apiKey": "sk-another"}),
        do.logout(),
        do.look(),
    ],
    expect=Expect(
        story=Story(
            look=File(auth_json="untouched"),
            read_2=Read(account=None),
            status_2=Status(auth_token=None),
            login=Login(
                messages=[
                    RpcError(-32603, "failed to save api key: Permission denied (os error 13)")
                ]
            ),
            look_2=File(auth_json="removed"),
        ),
        home=Home(auth_json="removed"),
        requests=Requests(
            counts={"POST /oauth/token": 2, "POST /oauth/revoke": 1},
            refreshed_with=["refresh-0", "refresh-0"],
            revoked=["refresh-0"],
        ),
    ),
    deviations=[
        Deviation(
            "<0.117.0",
            Expect(
                story=Story(read_2=Read(account=ACCOUNT), status_2=Status(auth_token="access-0"))
            ),
            reason="no failure is remembered, and the token is shown all the same",
        ),
        Deviation(
            ">=0.117.0,<0.128.0",
            Expect(story=Story(read_2=Read(account=ACCOUNT))),
            reason="the account is shown whatever became of its tokens",
        ),
        Deviation(
            ">=0.169.0",
            Expect(
                story=Story(
                    login=Login(
                        messages=[
                            RpcError(-32603, "failed to save api key: credential file is read-only")
                        ]
                    )
                )
            ),
            reason="it would replace the file, and looks at its mode by itself",
        ),
    ],
    reports=["alp82/curia#351", "umputun/ralphex#411"],
)
