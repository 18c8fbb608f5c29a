"""auth.json holds a key for Amazon Bedrock, which is the provider: Codex uses it, until a logout.

The auth status knows no method for it, and codex login status does.
"""

from harness import (
    Applies,
    Deviation,
    Expect,
    File,
    Home,
    Ran,
    RawAuth,
    Read,
    Scenario,
    Status,
    Story,
    do,
)

STORED = {
    "auth_mode": "bedrockApiKey",
    "OPENAI_API_KEY": None,
    "bedrock_api_key": {"api_key": "bedrock-key", "region": "us-west-2"},
}
MANAGED = Read(
    account={"type": "amazonBedrock", "usesCodexManagedCredentials": True},
    requires_openai_auth=False,
)

scenario = Scenario(
    auth=RawAuth(STORED),
    config={"model_provider": "amazon-bedrock"},
    story=[do.read(), do.status(), do.run("login", "status"), do.logout(), do.look(), do.read()],
    expect=Expect(
        story=Story(
            read=MANAGED,
            status=Status(requires_openai_auth=False),
            run=Ran(text="Logged in using Amazon Bedrock API key"),
            look=File(auth_json="removed", config=["no model", "no model_provider"]),
            read_2=Read(requires_openai_auth=True),
        ),
        home=Home(auth_json="removed", mode=None),
    ),
    applies=Applies(">=0.145.0", "keys for Amazon Bedrock are new"),
    deviations=[
        Deviation(
            "<0.150.0",
            Expect(story=Story(look=File(config=["no model_provider"]))),
            reason="the model is left in config.toml",
        )
    ],
    upstream={
        "story": [
            "get_account_with_managed_bedrock_provider",
            "bedrock_only_auth_storage_creates_primary_auth",
        ]
    },
)
