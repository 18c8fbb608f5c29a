"""A login to Amazon Bedrock with blank credentials, or for a region that has none, is refused."""

from harness import Applies, Deviation, Expect, File, Login, RpcError, Scenario, Story, do

KEY = {"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-west-2"}
ACCESS_KEYS = {
    "type": "amazonBedrockAccessKeys",
    "accessKeyId": " ",
    "secretAccessKey": "secret",
    "region": "us-west-2",
}
REGION = "does not support region `us-west-1`"
CLAIMED = {"story": ["login_account_amazon_bedrock_rejects_invalid_credentials_without_changes"]}

INVALID = {
    "blank-key": (
        {**KEY, "apiKey": "  "},
        ">=0.145.0",
        "Amazon Bedrock API key must not be empty.",
    ),
    "blank-access-key": (
        ACCESS_KEYS,
        ">=0.150.0",
        "AWS access key ID and secret access key must not be empty.",
    ),
}

scenarios = {
    "unknown-region": Scenario(
        story=[do.login({**KEY, "region": "us-west-1"}), do.look()],
        expect=Expect(
            story=Story(
                login=Login(messages=[RpcError(-32600, f"Amazon Bedrock {REGION}")]),
                look=File(auth_json="absent", config=[]),
            )
        ),
        applies=Applies(">=0.145.0", "the login to Amazon Bedrock is new"),
        upstream=CLAIMED,
        deviations=[
            Deviation(
                "<0.150.0",
                Expect(
                    story=Story(
                        login=Login(messages=[RpcError(-32600, f"Amazon Bedrock Mantle {REGION}")])
                    )
                ),
                reason="the API for keys is called by its own name",
            )
        ],
    ),
} | {
    name: Scenario(
        story=[do.login(params), do.look()],
        expect=Expect(
            story=Story(
                login=Login(messages=[RpcError(-32600, why)]),
                look=File(auth_json="absent", config=[]),
            )
        ),
        applies=Applies(releases, "the login to Amazon Bedrock is new"),
        upstream=CLAIMED,
    )
    for name, (params, releases, why) in INVALID.items()
}
