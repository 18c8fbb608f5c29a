"""auth.json is replaced under a running app-server, and the model answers 401 to the old token.

The turn fails, as does every turn until the model takes the old token again, and Codex refreshes
nothing: it has "since logged out or signed in to another account". It shows the old account.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Backend,
    Deviation,
    Expect,
    File,
    Home,
    NoAuth,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    matching,
    signed_in,
    stored_tokens,
    unauthorized,
)

OTHER = signed_in(
    account_id="workspace-2",
    chatgpt_account_id="workspace-2",
    chatgpt_user_id="user-2",
    refresh_token="refresh-token-of-the-other",
)

FAILED = Turn(
    outcome="failed",
    message=matching("you have since logged out or signed in to another account"),
    kind="unauthorized",
)

UNAUTHORIZED = Backend(responses=[unauthorized(), unauthorized()])
AFTERWARDS = [do.turn(), do.turn(), do.turn(), do.read(), do.status(), do.look()]
ONCE = Requests(
    counts={"POST /oauth/token": 1, "POST /v1/responses": 4}, refreshed_with=["refresh-0"]
)
REFUSED = {"message": matching("^unexpected status 401"), "kind": "other"}

scenarios = {
    "other_account": Scenario(
        auth=SIGNED_IN,
        backend=UNAUTHORIZED,
        story=[do.read(), do.put(OTHER), *AFTERWARDS],
        expect=Expect(story=Story(turn=FAILED, turn_2=FAILED, look=File(auth_json="untouched"))),
        deviations=[
            Deviation(
                "<0.105.0",
                Expect(
                    story=Story(
                        turn=Turn(
                            bearers=["access-0", "access-1"],
                            account_ids=["workspace-1", "workspace-2"],
                            **REFUSED,
                        ),
                        turn_2=Turn(
                            outcome="completed",
                            message=None,
                            kind=None,
                            bearers=["access-1"],
                            account_ids=["workspace-2"],
                        ),
                        turn_3=Turn(bearers=["access-1"], account_ids=["workspace-2"]),
                        status=Status(auth_token="access-1"),
                        look=File(auth_json="rewritten"),
                    ),
                    home=Home(
                        auth_json="rewritten", auth=stored_tokens(1, account_id="workspace-2")
                    ),
                    requests=ONCE,
                ),
                reason="the new tokens of the one account are stored with the id of the other",
            )
        ],
        upstream={"story": ["unauthorized_recovery_errors_on_account_mismatch"]},
        reports=["openai/codex#42771"],
    ),
    "api_key": Scenario(
        auth=SIGNED_IN,
        backend=UNAUTHORIZED,
        story=[do.read(), do.put(ApiKeyAuth()), *AFTERWARDS],
        expect=Expect(story=Story(turn=FAILED, turn_2=FAILED, look=File(auth_json="untouched"))),
        deviations=[
            Deviation(
                "<0.105.0",
                Expect(
                    story=Story(
                        turn=Turn(
                            bearers=["access-0", "api-key-put-1"],
                            account_ids=["workspace-1", None],
                            **REFUSED,
                        ),
                        turn_2=Turn(
                            outcome="completed",
                            message=None,
                            kind=None,
                            bearers=["api-key-put-1"],
                            account_ids=[None],
                        ),
                        turn_3=Turn(bearers=["api-key-put-1"], account_ids=[None]),
                        read_2=Read(account={"type": "apiKey"}),
                        status=Status(auth_method="apikey", auth_token="api-key-put-1"),
                        look=File(auth_json="rewritten"),
                    ),
                    home=Home(auth_json="rewritten"),
                    requests=ONCE,
                ),
                reason="the new tokens are stored beside the key, which is sent from then on",
            )
        ],
        reports=["openai/codex#42771"],
    ),
    "nothing": Scenario(
        auth=SIGNED_IN,
        backend=UNAUTHORIZED,
        story=[do.read(), do.put(NoAuth()), *AFTERWARDS],
        expect=Expect(story=Story(turn=FAILED, turn_2=FAILED, look=File(auth_json="absent"))),
        deviations=[
            Deviation(
                "<0.105.0",
                Expect(
                    story=Story(
                        turn=Turn(message="Token data is not available.", kind="other"),
                        turn_2=Turn(message="Token data is not available.", kind="other"),
                    ),
                    requests=Requests(
                        counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0"] * 2
                    ),
                ),
                reason="new tokens are granted, and can be stored nowhere",
            )
        ],
        reports=["openai/codex#42771"],
    ),
}
