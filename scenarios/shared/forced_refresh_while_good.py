"""A status is asked for with a refresh, though the access token is good for days.

Each such question spends a refresh token. Where the refresh is refused for good, the account and
its token are shown no more, yet the turn goes out with the token and is welcome.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
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
    refuse,
    rotating,
    stored_tokens,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
STORY = [
    do.status(refresh=True),
    do.status(refresh=True),
    do.read(refresh=True),
    do.read(refresh=True),
    do.status(),
    do.turn(),
    do.look(),
]
REPORTS = ["openai/codex#40541", "openai/codex#39925"]

scenarios = {
    "granted": Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=rotating()),
        story=STORY,
        expect=Expect(
            story=Story(
                status=Status(auth_token="access-1"),
                status_2=Status(auth_token="access-2"),
                status_3=Status(auth_token="access-4"),
                turn=Turn(bearers=["access-4"]),
                look=File(auth_json="rewritten"),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(4)),
            requests=Requests(
                counts={"POST /oauth/token": 4},
                refreshed_with=["refresh-0", "refresh-1", "refresh-2", "refresh-3"],
            ),
        ),
        reports=REPORTS,
    ),
    "invalidated": Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=refuse(401, "refresh_token_invalidated")),
        story=STORY,
        expect=Expect(
            story=Story(
                status=Status(auth_token=None),
                status_2=Status(auth_token=None),
                read=Read(account=None),
                read_2=Read(account=None),
                status_3=Status(auth_token=None),
                look=File(auth_json="untouched"),
            ),
            requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        ),
        deviations=[
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
                    requests=Requests(
                        counts={"POST /oauth/token": 4}, refreshed_with=["refresh-0"] * 4
                    ),
                ),
                reason="no failure is remembered, and the token is shown all the same",
            ),
            Deviation(
                ">=0.117.0,<0.128.0",
                Expect(story=Story(read=Read(account=ACCOUNT), read_2=Read(account=ACCOUNT))),
                reason="the account is shown whatever became of its tokens",
            ),
        ],
        reports=REPORTS,
    ),
    "unavailable": Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=refuse(503)),
        story=STORY,
        expect=Expect(
            story=Story(look=File(auth_json="untouched")),
            requests=Requests(counts={"POST /oauth/token": 4}, refreshed_with=["refresh-0"] * 4),
        ),
    ),
}
