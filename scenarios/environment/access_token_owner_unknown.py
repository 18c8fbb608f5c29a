"""The backend does not say whose the personal access token is: it refuses, fails, talks nonsense.

Codex is signed out and falls back on nothing, neither on a good sign-in in auth.json. It asks
anew each time, and only the command line says what happened.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Drop,
    PersonalAccessToken,
    RefusedToken,
    Reply,
    Scenario,
    drop,
    unauthorized,
)

FAULTS: dict[str, tuple[Reply | Drop, str]] = {
    "401": (
        unauthorized(),
        "personal access token metadata request failed with status 401 Unauthorized",
    ),
    "500": (
        Reply(500),
        "personal access token metadata request failed with status 500 Internal Server Error",
    ),
    "connection_broken": (
        drop(),
        (
            "failed to request personal access token metadata: error sending request for url "
            "(http://backend/v1/user-auth-credential/whoami)"
        ),
    ),
    "no_json": (
        Reply(200, body="<html>"),
        "failed to decode personal access token metadata: error decoding response body",
    ),
    "no_workspace": (
        Reply(200, json={"email": "someone@example.com", "chatgpt_user_id": "user-1"}),
        "failed to decode personal access token metadata: error decoding response body",
    ),
}
NEW = Applies(">=0.140.0", "personal access tokens came with 0.138.0")
REFUSAL, REFUSED = FAULTS["401"]

scenarios = {
    fault: Scenario(
        auth=PersonalAccessToken(),
        backend=Backend(whoami=answer),
        stages=["session", "cli"],
        taken_for=RefusedToken(text),
        applies=NEW,
        reports=["openai/codex#25731"],
    )
    for fault, (answer, text) in FAULTS.items()
} | {
    "401-in_environment": Scenario(
        auth=SIGNED_IN,
        env={"CODEX_ACCESS_TOKEN": PersonalAccessToken()},
        backend=Backend(whoami=REFUSAL),
        taken_for=RefusedToken(REFUSED, in_environment=True),
        applies=NEW,
    )
}
