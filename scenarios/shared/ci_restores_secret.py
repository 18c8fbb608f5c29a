"""Each run of a CI starts from the same auth.json, whose refresh token the first has spent.

The second run asks four times for new tokens, then sends the expired one.
"""

from harness import (
    AccessToken,
    Backend,
    Deviation,
    Expect,
    Home,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
    rotating,
    signed_in,
    stored_tokens,
    timedelta,
)

EXPIRED = signed_in(access_token=AccessToken(expires_in=-timedelta(hours=1)))

NOT_READ = "the expiry of an access token is not looked at"
NONE = Requests(counts={"POST /oauth/token": 0}, refreshed_with=[])
UNREAD = Deviation(
    "<0.117.0",
    Expect(story=Story(exec=Ran(bearers=["access-0"])), requests=NONE),
    reason=NOT_READ,
)

scenarios = {
    "thrown_away": Scenario(
        auth=EXPIRED,
        backend=Backend(token=rotating()),
        story=[do.keep("secret"), do.exec(), do.restore("secret"), do.exec()],
        expect=Expect(
            story=Story(exec=Ran(bearers=["access-1"])),
            requests=Requests(counts={"POST /oauth/token": 5}, refreshed_with=["refresh-0"] * 5),
        ),
        deviations=[
            UNREAD,
            Deviation(
                ">=0.117.0,<0.157.0",
                Expect(
                    requests=Requests(
                        counts={"POST /oauth/token": 3}, refreshed_with=["refresh-0"] * 3
                    )
                ),
                reason="it asks twice, not four times",
            ),
        ],
        reports=["max-sixty/tend#500", "kelos-dev/kelos#1284"],
    ),
    "written_back": Scenario(
        auth=EXPIRED,
        backend=Backend(token=rotating()),
        story=[do.exec(), do.keep("secret"), do.restore("secret"), do.exec()],
        expect=Expect(
            story=Story(exec=Ran(bearers=["access-1"]), exec_2=Ran(bearers=["access-1"])),
            home=Home(auth_json="untouched", auth=stored_tokens(1)),
            requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        ),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(
                    story=Story(exec=Ran(bearers=["access-0"]), exec_2=Ran(bearers=["access-0"])),
                    home=Home(auth=stored_tokens(0)),
                    requests=NONE,
                ),
                reason=NOT_READ,
            )
        ],
    ),
}
