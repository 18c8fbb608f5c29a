"""A login to Amazon Bedrock is forbidden by config.toml, or asked for without experimental API."""

from harness import Applies, Expect, File, Login, RpcError, Scenario, Story, do

KEY = {"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-west-2"}
SINCE = Applies(">=0.145.0", "the login to Amazon Bedrock is new")

scenarios = {
    "chatgpt-forced": Scenario(
        config={"forced_login_method": "chatgpt"},
        story=[do.login(KEY), do.look()],
        expect=Expect(
            story=Story(
                login=Login(
                    messages=[
                        RpcError(
                            -32600, "Amazon Bedrock login is disabled. Use ChatGPT login instead."
                        )
                    ]
                ),
                look=File(auth_json="absent", config=['forced_login_method = "chatgpt"']),
            )
        ),
        applies=SINCE,
        upstream={"story": ["login_account_amazon_bedrock_rejected_when_forced_chatgpt"]},
    ),
    "not-experimental": Scenario(
        story=[do.start(experimental_api=False), do.login(KEY), do.look()],
        expect=Expect(
            story=Story(
                login=Login(
                    messages=[
                        RpcError(
                            -32600,
                            "account/login/start.amazonBedrock requires experimentalApi capability",
                        )
                    ]
                ),
                look=File(auth_json="absent", config=[]),
            )
        ),
        applies=SINCE,
        upstream={"story": ["managed_bedrock_login_requires_experimental_api"]},
    ),
}
