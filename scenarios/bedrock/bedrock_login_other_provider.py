"""The command line names another provider: a login to Amazon Bedrock is refused."""

from harness import (
    ApiKeyAuth,
    Applies,
    Deviation,
    Expect,
    File,
    Login,
    RpcError,
    Scenario,
    Story,
    Wire,
    do,
)

scenario = Scenario(
    auth=ApiKeyAuth(),
    story=[
        do.start(overrides=['model_provider="fake"']),
        do.login({"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-west-2"}),
        do.look(),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    RpcError(
                        -32600,
                        "Amazon Bedrock login cannot select `amazon-bedrock` because "
                        'session-flags sets `model_provider` to "fake"',
                    )
                ]
            ),
            look=File(auth_json="untouched", config=[]),
        )
    ),
    applies=Applies(">=0.145.0", "the login to Amazon Bedrock is new"),
    upstream={
        "story": ["login_amazon_bedrock_rejects_non_bedrock_provider_override_without_changes"]
    },
    deviations=[
        Deviation(
            ">=0.166.0",
            Expect(
                story=Story(
                    login=Login(
                        messages=[
                            RpcError(
                                -32600,
                                "Cannot configure `model_provider`: Overridden by session flags",
                            )
                        ]
                    )
                ),
                wire=Wire(
                    undeclared=[
                        "the answer to account/login/start: /error/data",
                        "the answer to getAuthStatus",
                    ]
                ),
            ),
            reason="every setting that is overridden is told alike",
        )
    ],
)
