"""The command line names Amazon Bedrock already: a login to it goes through and is stored."""

from harness import (
    Applies,
    Expect,
    File,
    Home,
    Login,
    Read,
    Scenario,
    Story,
    account_updated,
    do,
    login_completed,
)

STORED = {
    "auth_mode": "bedrockApiKey",
    "OPENAI_API_KEY": None,
    "bedrock_api_key": {"api_key": "api-key", "region": "us-west-2"},
}

scenario = Scenario(
    story=[
        do.start(overrides=['model_provider="amazon-bedrock"']),
        do.login({"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-west-2"}),
        do.look(),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    {"result": {"type": "amazonBedrock"}},
                    login_completed(),
                    account_updated("bedrockApiKey"),
                ]
            ),
            look=File(auth_json="created", config=['model_provider = "amazon-bedrock"']),
            read=Read(
                account={"type": "amazonBedrock", "usesCodexManagedCredentials": True},
                requires_openai_auth=False,
            ),
        ),
        home=Home(auth_json="created", auth=STORED, layout=True, mode="0600"),
    ),
    applies=Applies(">=0.145.0", "the login to Amazon Bedrock is new"),
    upstream={"story": ["login_amazon_bedrock_allows_bedrock_provider_override"]},
)
