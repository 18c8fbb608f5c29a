"""Newer tokens of the same account lie in auth.json, and the model answers 401, once or twice.

Codex takes what it finds; what the model does not take either, it refreshes.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    Home,
    Requests,
    Scenario,
    Story,
    Turn,
    do,
    signed_in,
    stored_tokens,
    unauthorized,
)

NEWER = do.put(signed_in(refresh_token="newer-refresh-token"))

scenarios = {
    "once": Scenario(
        auth=SIGNED_IN,
        backend=Backend(responses=[unauthorized()]),
        story=[do.read(), NEWER, do.turn(), do.turn()],
        expect=Expect(
            story=Story(
                turn=Turn(bearers=["access-0", "access-put-1"], account_ids=["workspace-1"] * 2),
                turn_2=Turn(bearers=["access-put-1"]),
            ),
            requests=Requests(counts={"POST /v1/responses": 3}),
        ),
    ),
    "twice": Scenario(
        auth=SIGNED_IN,
        backend=Backend(responses=[unauthorized(), unauthorized()]),
        story=[do.read(), NEWER, do.turn(), do.turn()],
        expect=Expect(
            story=Story(
                turn=Turn(
                    bearers=["access-0", "access-put-1", "access-1"],
                    account_ids=["workspace-1"] * 3,
                ),
                turn_2=Turn(bearers=["access-1"]),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(1)),
            requests=Requests(
                counts={"POST /v1/responses": 4, "POST /oauth/token": 1},
                refreshed_with=["refresh-put-1"],
            ),
        ),
        upstream={"story": ["unauthorized_recovery_reloads_then_refreshes_tokens"]},
    ),
}
