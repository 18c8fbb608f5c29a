"""Two app-servers on one home refresh at the same moment; each refresh token is good for once.

The one that comes second is told that its token was used already, and takes that for final: it
shows no account, yet sends what the first has stored with its next turn. Where a token that is used
twice spoils its whole family, both are out with the next refresh.
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
    rotating,
    stored_tokens,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=rotating(at_once=2, after=1, family=family)),
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
            do.stop(on="second"),
            do.turn(on="second"),
            do.status(refresh=True),
        ],
        expect=Expect(
            story=Story(
                second_read_2=Read(account=None),
                look=File(auth_json="rewritten"),
                status=Status(auth_token="access-1"),
                second_status=Status(auth_token=None),
                turn=Turn(bearers=["access-1"]),
                second_turn_2=Turn(bearers=["access-1"]),
                status_2=Status(auth_token=None if family else "access-2"),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(1 if family else 2)),
            requests=Requests(
                counts={"POST /oauth/token": 3},
                refreshed_with=["refresh-0", "refresh-0", "refresh-1"],
            ),
        ),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(
                    story=Story(
                        second_read_2=Read(account=ACCOUNT),
                        second_status=Status(auth_token="access-0"),
                        status_2=Status(auth_token="access-1" if family else "access-2"),
                    )
                ),
                reason="no failure is remembered, and the token is shown all the same",
            ),
            Deviation(
                ">=0.117.0,<0.128.0",
                Expect(story=Story(second_read_2=Read(account=ACCOUNT))),
                reason="the account is shown whatever became of its tokens",
            ),
        ],
        reports=["openai/codex#10332", "openai/codex#9634", "openai/codex#24365"],
    )
    for name, family in {"rotating": False, "family": True}.items()
}
