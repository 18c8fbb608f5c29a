"""The backend names no e-mail address for the personal access token in CODEX_ACCESS_TOKEN."""

from harness import (
    Applies,
    CliStatus,
    Deviation,
    Expect,
    Logout,
    NoAuth,
    PersonalAccessToken,
    Refresh,
    Requests,
    Scenario,
    signed_in,
)

scenario = Scenario(
    env={"CODEX_ACCESS_TOKEN": "at-scenario-personal-access-token"},
    taken_for=PersonalAccessToken(claims=signed_in(email=None).claims),
    applies=Applies(">=0.140.0", "personal access tokens came with 0.138.0 and settled then"),
    upstream={
        "status": ["personal_access_token_without_email_supports_auth_status_and_account_read"],
        "requests": ["hydrate_sends_bearer_token_and_preserves_nullable_metadata"],
    },
    reports=["openai/codex#28991"],
    deviations=[
        Deviation(
            "<0.142.0",
            Expect(
                requests=Requests(counts={"GET /v1/user-auth-credential/whoami": 3}),
                refresh=Refresh(counts={"GET /v1/user-auth-credential/whoami": 3}),
                logout=Logout(counts={"GET /v1/user-auth-credential/whoami": 4}),
                cli_status=CliStatus(
                    text="Error checking login status: failed to decode personal access token "
                    "metadata: error decoding response body",
                    counts={"GET /v1/user-auth-credential/whoami": 1},
                ),
            ),
            taken_for=NoAuth(),
            reason="an account without an e-mail address counts as none",
        )
    ],
)
