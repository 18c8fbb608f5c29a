"""A person logs in with an API key over one for Amazon Bedrock: that key goes, the provider stays.

So the account is one of Bedrock still, of which Codex holds no credentials any more.
"""

from harness import Applies, Expect, File, Home, RawAuth, Read, Scenario, Status, Story, do

STORED = {
    "auth_mode": "bedrockApiKey",
    "OPENAI_API_KEY": None,
    "bedrock_api_key": {"api_key": "bedrock-key", "region": "us-west-2"},
}

scenario = Scenario(
    auth=RawAuth(STORED),
    config={"model_provider": "amazon-bedrock"},
    story=[
        do.login({"type": "apiKey", "apiKey": "sk-of-somebody"}),
        do.look(),
        do.read(),
        do.status(),
    ],
    expect=Expect(
        story=Story(
            look=File(
                auth_json="rewritten",
                layout=True,
                config=['model_provider = "amazon-bedrock"'],
            ),
            read=Read(
                account={"type": "amazonBedrock", "usesCodexManagedCredentials": False},
                requires_openai_auth=False,
            ),
            status=Status(requires_openai_auth=False),
        ),
        home=Home(auth_json="rewritten", layout=True),
    ),
    applies=Applies(">=0.145.0", "keys for Amazon Bedrock are new"),
    upstream={"story": ["login_with_api_key_clears_bedrock_api_key"]},
)
