"""Amazon Bedrock is used with credentials that Codex does not hold: AWS's own, or a command's.

The API key in auth.json is none of this provider's business, but a logout removes it all the same,
and with it the provider and the model from config.toml.
"""

from harness import (
    ApiKeyAuth,
    Applies,
    Deviation,
    Expect,
    File,
    Home,
    Logout,
    Read,
    RpcError,
    Scenario,
    Status,
    Story,
    do,
)

NOT_OF_CODEX = Read(
    account={"type": "amazonBedrock", "usesCodexManagedCredentials": False},
    requires_openai_auth=False,
)
NO_LOGOUT = (
    "cannot log out while Amazon Bedrock is using AWS-managed credentials; manage those "
    "credentials through AWS or switch model providers before logging out Codex authentication"
)
AS_IT_WAS = [
    'model_provider = "amazon-bedrock"',
    'model_providers.amazon-bedrock.aws.profile = "mine"',
    'model_providers.amazon-bedrock.aws.region = "us-east-2"',
]
NO_STATUS = Status(auth_method=None, auth_token=None, requires_openai_auth=False)

scenarios = {
    "aws-profile": Scenario(
        auth=ApiKeyAuth(),
        config={
            "model_provider": "amazon-bedrock",
            "model_providers": {
                "amazon-bedrock": {"aws": {"profile": "mine", "region": "us-east-2"}}
            },
        },
        story=[do.read(), do.status(), do.logout(), do.look(), do.read()],
        expect=Expect(
            story=Story(
                read=NOT_OF_CODEX,
                status=NO_STATUS,
                look=File(auth_json="removed", config=["no model", "no model_provider"]),
                read_2=Read(account=None, requires_openai_auth=True),
            ),
            home=Home(auth_json="removed", layout=None, mode=None),
        ),
        applies=Applies(">=0.145.0", "who holds the credentials is not told before"),
        deviations=[
            Deviation(
                "<0.150.0",
                Expect(
                    story=Story(
                        logout=Logout(
                            error=RpcError(-32600, NO_LOGOUT),
                            notifications=[],
                            account={"type": "amazonBedrock"},
                        ),
                        look=File(auth_json="untouched", config=AS_IT_WAS),
                        read_2=NOT_OF_CODEX,
                    ),
                    home=Home(
                        auth_json="untouched",
                        auth={"auth_mode": "apikey", "OPENAI_API_KEY": "api-key"},
                        layout=True,
                        mode="0600",
                    ),
                ),
                reason="there is no logout from credentials of AWS",
            )
        ],
        upstream={
            "story": [
                "get_account_with_aws_provider",
                "logout_aws_managed_bedrock_clears_provider_and_restores_default_account",
            ]
        },
    ),
    "command": Scenario(
        config={
            "model_provider": "amazon-bedrock",
            "model_providers": {
                "amazon-bedrock": {
                    "base_url": "http://backend/v1",
                    "auth": {"command": "/bin/true"},
                }
            },
        },
        story=[do.read(), do.status()],
        expect=Expect(story=Story(read=NOT_OF_CODEX, status=NO_STATUS)),
        applies=Applies(">=0.145.0", "who holds the credentials is not told before"),
        upstream={"story": ["get_account_with_user_managed_bedrock_provider"]},
    ),
}
