"""A person logs in to Amazon Bedrock with access keys: Codex turns to it, until a logout.

After the logout the API key from before is gone, and neither a provider nor a model is configured,
whatever they were before the login.
"""

from harness import (
    ApiKeyAuth,
    Applies,
    Expect,
    File,
    Home,
    Login,
    Read,
    Scenario,
    Status,
    Story,
    account_updated,
    do,
    login_completed,
)

PARAMS = {
    "type": "amazonBedrockAccessKeys",
    "accessKeyId": " AKIA ",
    "secretAccessKey": " secret ",
    "region": " us-west-2 ",
}
STORED = {
    "auth_mode": "bedrockAccessKeys",
    "OPENAI_API_KEY": None,
    "bedrock_access_keys": {"access_key_id": "AKIA", "secret_access_key": "secret"},
}

scenario = Scenario(
    auth=ApiKeyAuth(),
    config={
        "model_providers": {"amazon-bedrock": {"aws": {"profile": "stale", "region": "eu-west-1"}}}
    },
    story=[do.login(PARAMS), do.look(), do.read(), do.status(), do.logout(), do.look(), do.read()],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    {"result": {"type": "amazonBedrock"}},
                    login_completed(),
                    account_updated("bedrockAccessKeys"),
                ]
            ),
            look=File(
                auth_json="rewritten",
                auth=STORED,
                layout=True,
                config=[
                    'model_provider = "amazon-bedrock"',
                    'model_providers.amazon-bedrock.aws.region = "us-west-2"',
                ],
            ),
            read=Read(
                account={"type": "amazonBedrock", "usesCodexManagedCredentials": True},
                requires_openai_auth=False,
            ),
            status=Status(auth_method=None, auth_token=None, requires_openai_auth=False),
            look_2=File(auth_json="removed", config=["no model", "no model_provider"]),
            read_2=Read(account=None, requires_openai_auth=True),
        ),
        home=Home(auth_json="removed", layout=None, mode=None),
    ),
    applies=Applies(">=0.150.0", "the login to Amazon Bedrock with access keys is new"),
    upstream={
        "story": [
            "login_amazon_bedrock_replaces_primary_auth_and_persists_provider",
            "login_managed_bedrock_updates_active_bedrock_account",
            "logout_managed_bedrock_restores_default_account",
        ]
    },
)
