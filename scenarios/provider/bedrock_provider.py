"""The model is asked through Amazon Bedrock, with credentials of AWS or of a command.

Codex shows Bedrock as the account and wants no sign-in; one that lies in auth.json is sent to
nobody, and a logout removes it all the same.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Applies,
    Auth,
    CliLogout,
    Deviation,
    Expect,
    Logout,
    NoAuth,
    Read,
    Refresh,
    RpcError,
    Scenario,
    Turn,
)

BEDROCK = {"type": "amazonBedrock", "usesCodexManagedCredentials": False}
COMMAND = {"command": "/bin/sh", "args": ["-c", "echo token-of-command"]}
REFUSAL = RpcError(
    -32600,
    "cannot log out while Amazon Bedrock is using AWS-managed credentials; manage those "
    "credentials through AWS or switch model providers before logging out Codex authentication",
)
OLDER = [
    Deviation(
        "<0.150.0",
        Expect(cli_logout=CliLogout(text="Not logged in")),
        reason="there is nothing to log out of but what is stored",
    )
]
FILES: dict[str, tuple[Auth, str, int]] = {
    "no_file": (NoAuth(), "absent", 1),
    "chatgpt": (SIGNED_IN, "untouched", 0),
    "api_key": (ApiKeyAuth(), "untouched", 0),
}

scenarios = {
    name: Scenario(
        auth=auth,
        config={
            "model_provider": "amazon-bedrock",
            "model_providers": {
                "amazon-bedrock": {"base_url": "http://backend/v1", "auth": COMMAND}
            },
        },
        applies=Applies(">=0.145.0", "a Bedrock with an address of its own came with 0.145.0"),
        expect=Expect(
            read=Read(account=BEDROCK),
            turn=Turn(bearers=["token-of-command"], account_ids=[None]),
            refresh=Refresh(account=BEDROCK),
            cli_logout=CliLogout(text="Successfully logged out"),
        ),
        upstream={"read": ["get_account_with_user_managed_bedrock_provider"]},
        deviations=[
            Deviation(
                "<0.150.0",
                Expect(
                    logout=Logout(
                        error=REFUSAL,
                        notifications=[],
                        account=BEDROCK,
                        auth_json=kept,
                        revoked=[],
                        counts={"POST /oauth/revoke": 0},
                    ),
                ),
                reason="nobody can log out of Bedrock",
            ),
            *OLDER[:of_older],
        ],
    )
    for name, (auth, kept, of_older) in FILES.items()
}
