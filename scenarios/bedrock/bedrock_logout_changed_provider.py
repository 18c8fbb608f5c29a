"""Somebody chooses another provider while Codex runs on Amazon Bedrock: a logout keeps that."""

from harness import Applies, Expect, File, Home, RawAuth, Read, Scenario, Story, do

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
    story=[
        do.start(experimental_api=False),
        do.read(),
        do.configure({"model_provider": "fake"}),
        do.logout(),
        do.look(),
    ],
    expect=Expect(
        story=Story(read=MANAGED, look=File(auth_json="removed", config=[])),
        home=Home(auth_json="removed", mode=None),
    ),
    applies=Applies(">=0.145.0", "keys for Amazon Bedrock are new"),
    upstream={
        "story": ["logout_managed_bedrock_preserves_changed_provider_without_experimental_api"]
    },
)
