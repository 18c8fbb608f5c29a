"""A login to Amazon Bedrock is refused since the command line overrides it, and yet half done.

auth.json keeps the API key, but config.toml names Bedrock from then on: the account is no longer
the one of the key, and stays so when Codex is started again. Mended in 0.166.0.
"""

from harness import (
    ApiKeyAuth,
    Applies,
    Deviation,
    Expect,
    File,
    Login,
    Read,
    RpcError,
    Scenario,
    Story,
    Wire,
    do,
)

ERROR_DATA = "the answer to account/login/start: /error/data"
STATUS = "the answer to getAuthStatus"
TURNED = Read(
    account={"type": "amazonBedrock", "usesCodexManagedCredentials": False},
    requires_openai_auth=False,
)

scenario = Scenario(
    auth=ApiKeyAuth(),
    story=[
        do.start(overrides=['model_providers.amazon-bedrock.aws.region="us-east-2"']),
        do.login(
            {
                "type": "amazonBedrockAccessKeys",
                "accessKeyId": "AKIA",
                "secretAccessKey": "secret",
                "region": "us-east-1",
            }
        ),
        do.look(),
        do.read(),
        do.stop(),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    RpcError(
                        -32600,
                        "Amazon Bedrock configuration cannot take effect: "
                        "Overridden by session flags",
                    )
                ]
            ),
            look=File(
                auth_json="untouched",
                config=[
                    'model_provider = "amazon-bedrock"',
                    'model_providers.amazon-bedrock.aws.region = "us-east-1"',
                ],
            ),
            read=TURNED,
            read_2=TURNED,
        )
    ),
    applies=Applies(">=0.150.0", "the login with access keys is new"),
    deviations=[
        Deviation(
            ">=0.166.0",
            Expect(
                story=Story(
                    login=Login(
                        messages=[
                            RpcError(
                                -32600,
                                "Cannot configure `model_providers.amazon-bedrock.aws.region`: "
                                "Overridden by session flags",
                            )
                        ]
                    ),
                    look=File(config=[]),
                    read=Read(account={"type": "apiKey"}, requires_openai_auth=True),
                    read_2=Read(account={"type": "apiKey"}, requires_openai_auth=True),
                ),
                wire=Wire(undeclared=[ERROR_DATA, STATUS]),
            ),
            reason="what is overridden is found out before anything is written",
        )
    ],
    upstream={"story": ["login_amazon_bedrock_access_keys_rejects_overridden_aws_configuration"]},
)
