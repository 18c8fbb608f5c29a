"""CODEX_ACCESS_TOKEN holds a personal access token: it beats whatever auth.json says.

Codex asks the backend whose it is, at each start and more than once, shows the account as one of
ChatGPT, and gives the token to nobody who asks for it. A logout removes auth.json, not the token.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Auth,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    IdTokenClaims,
    NoAuth,
    PersonalAccessToken,
    Scenario,
    signed_in,
)

OTHERS = signed_in(chatgpt_account_id="workspace-2").claims
FILES: dict[str, tuple[Auth, IdTokenClaims]] = {
    "no_file": (NoAuth(), SIGNED_IN.claims),
    "over_chatgpt": (SIGNED_IN, OTHERS),
    "over_api_key": (ApiKeyAuth(), SIGNED_IN.claims),
}

scenarios = {
    name: Scenario(
        auth=auth,
        env={"CODEX_ACCESS_TOKEN": "at-scenario-personal-access-token"},
        taken_for=PersonalAccessToken(claims=claims),
        upstream={
            "status": ["access_token_classifier_treats_at_prefix_as_personal_access_token"],
            "turn": ["load_auth_reads_personal_access_token_from_env"],
            "requests": ["hydrate_sends_bearer_token_and_preserves_nullable_metadata"],
        },
        reports=["NousResearch/hermes-agent#53267"],
        deviations=[
            Deviation("<0.129.0", taken_for=auth, reason="the variable does not exist yet"),
            Deviation(
                ">=0.129.0,<0.138.0",
                Expect(
                    cli_status=CliStatus(
                        text="Error checking login status: invalid agent identity JWT format"
                    ),
                    cli_logout=CliLogout(revoked=[], counts={"POST /oauth/revoke": 0}),
                ),
                taken_for=NoAuth(),
                reason="the variable takes agent identities only",
            ),
        ],
    )
    for name, (auth, claims) in FILES.items()
}
