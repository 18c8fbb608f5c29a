"""The model answers 401 with a code for which no new token can help.

Codex looks at the status alone: it refreshes a token that was in order, tries again, and fails.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Home,
    Reply,
    Requests,
    Scenario,
    Turn,
    refuse,
)

STRIPPED = "Missing bearer or basic authentication in header"

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        backend=Backend(responses=answer),
        expect=Expect(
            turn=Turn(
                outcome="failed",
                message=(
                    f"unexpected status 401 Unauthorized: {message}, "
                    "url: http://backend/v1/responses"
                ),
                kind={"httpConnectionFailed": {"httpStatusCode": 401}},
                bearers=["access-0", "access-0", "access-1"],
                account_ids=["workspace-1"] * 3,
            ),
            home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-1"}}),
            requests=Requests(
                counts={"POST /v1/responses": 3, "POST /oauth/token": 1},
                refreshed_with=["refresh-0"],
            ),
        ),
        deviations=[
            Deviation(
                "<0.95.0",
                Expect(turn=Turn(message="unexpected status 401 Unauthorized: ")),
                reason="the answer of the model is left out",
            )
        ],
        reports=reports,
    )
    for name, answer, message, reports in (
        (
            "deactivated",
            refuse(401, "account_deactivated", "Deactivated."),
            "Deactivated.",
            ["openai/codex#20168"],
        ),
        ("revoked", refuse(401, "token_revoked", "Revoked."), "Revoked.", ["openai/codex#20125"]),
        ("stripped_by_proxy", Reply(401, body=STRIPPED), STRIPPED, ["openai/codex#12764"]),
    )
}
