"""The model answers 401, and the token endpoint is down: the turn fails and says what that said."""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Reply,
    Requests,
    Scenario,
    Turn,
    refuse,
    unauthorized,
)

FAILED = "Failed to refresh token: 500 Internal Server Error"
ANSWERS = {
    "message": (
        refuse(500, "server_error", "the token service is down"),
        "try_parse_error_message_extracts_openai_error_message",
    ),
    "text": (
        Reply(500, body="the token service is down"),
        "try_parse_error_message_falls_back_to_raw_text",
    ),
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        backend=Backend(responses=unauthorized(), token=answer),
        expect=Expect(
            turn=Turn(
                outcome="failed",
                message=f"{FAILED}: the token service is down",
                kind="other",
                bearers=["access-0", "access-0"],
                account_ids=["workspace-1", "workspace-1"],
            ),
            requests=Requests(
                counts={"POST /v1/responses": 2, "POST /oauth/token": 1},
                refreshed_with=["refresh-0"],
            ),
        ),
        deviations=[
            Deviation(
                ">=0.164.0",
                Expect(turn=Turn(message=FAILED)),
                reason="the answer of the token endpoint is left out",
            )
        ],
        upstream={"turn": [upstream]},
        reports=["agentclientprotocol/codex-acp#505", "chadbyte/clay#473", "openai/codex#28328"],
    )
    for name, (answer, upstream) in ANSWERS.items()
}
