"""A person logs in to Amazon Bedrock with a key for its API: Codex turns to it, until a logout.

After the logout the API key from before is gone, and neither a provider nor a model is configured,
whatever they were before the login.
"""

from harness import (
    ApiKeyAuth,
    Applies,
    Deviation,
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

PARAMS = {"type": "amazonBedrock", "apiKey": " bedrock-key ", "region": " us-west-2 "}
STORED = {
    "auth_mode": "bedrockApiKey",
    "OPENAI_API_KEY": None,
    "bedrock_api_key": {"api_key": "bedrock-key", "region": "us-west-2"},
}
STALE = [
    'model_providers.amazon-bedrock.aws.profile = "stale"',
    'model_providers.amazon-bedrock.aws.region = "eu-west-1"',
]

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
                    account_updated("bedrockApiKey"),
                ]
            ),
            look=File(
                auth_json="rewritten",
                auth=STORED,
                layout=True,
                config=['model_provider = "amazon-bedrock"', STALE[1]],
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
    applies=Applies(">=0.145.0", "the login to Amazon Bedrock is new"),
    upstream={
        "story": [
            "login_amazon_bedrock_replaces_primary_auth_and_persists_provider",
            "login_managed_bedrock_updates_active_bedrock_account",
            "logout_managed_bedrock_restores_default_account",
            "login_with_bedrock_api_key_replaces_openai_auth",
            "logout_removes_bedrock_auth",
        ]
    },
    deviations=[
        Deviation(
            "<0.150.0",
            Expect(
                story=Story(
                    look=File(config=['model_provider = "amazon-bedrock"', *STALE]),
                    look_2=File(config=[*STALE, "no model_provider"]),
                )
            ),
            reason="neither the profile nor the model is taken out of config.toml",
        )
    ],
)
