"""Another user of the same workspace turns up, in auth.json or in the tokens that are granted.

Codex takes that for the same account, and is that user from then on.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Home,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    grant,
    signed_in,
    stored_tokens,
)

OTHER = signed_in(
    chatgpt_user_id="user-2",
    email="another@example.com",
    refresh_token="refresh-token-of-the-other",
)
ACCOUNT = {"type": "chatgpt", "email": "another@example.com", "planType": "pro"}

scenarios = {
    "put": Scenario(
        auth=SIGNED_IN,
        story=[do.turn(), do.put(OTHER), do.read(refresh=True), do.status(), do.turn()],
        expect=Expect(
            story=Story(
                read=Read(account=ACCOUNT),
                status=Status(auth_token="access-put-1"),
                turn_2=Turn(bearers=["access-put-1"]),
            )
        ),
        deviations=[
            Deviation(
                "<0.105.0",
                Expect(
                    story=Story(
                        read=Read(account={**ACCOUNT, "email": "someone@example.com"}),
                        status=Status(auth_token="access-1"),
                        turn_2=Turn(bearers=["access-1"]),
                    ),
                    home=Home(auth_json="rewritten", auth=stored_tokens(1)),
                    requests=Requests(
                        counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]
                    ),
                ),
                reason="a refresh does not look whether the file has changed",
            )
        ],
        reports=["farion1231/cc-switch#6780"],
    ),
    "granted": Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=grant(claims=OTHER.claims)),
        story=[do.turn(), do.read(refresh=True), do.status(), do.turn()],
        expect=Expect(
            story=Story(
                read=Read(account=ACCOUNT),
                status=Status(auth_token="access-1"),
                turn_2=Turn(bearers=["access-1"]),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(1)),
            requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        ),
    ),
}
