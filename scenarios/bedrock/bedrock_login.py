"""A person logs in to Amazon Bedrock with a key of one kind or the other, until a logout.

After the logout the API key from before is gone, and neither a provider nor a model is configured,
whatever they were before the login.
"""

from typing import Any

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

BEDROCK = 'model_provider = "amazon-bedrock"'
AWS = {"profile": "stale", "region": "eu-west-1"}
OLD = [f'model_providers.amazon-bedrock.aws.{name} = "{value}"' for name, value in AWS.items()]
NEW = 'model_providers.amazon-bedrock.aws.region = "us-west-2"'
KEPT = Expect(
    story=Story(look=File(config=[BEDROCK, *OLD]), look_2=File(config=[*OLD, "no model_provider"]))
)
PINNED = [
    "login_amazon_bedrock_replaces_primary_auth_and_persists_provider",
    "login_managed_bedrock_updates_active_bedrock_account",
    "logout_managed_bedrock_restores_default_account",
]


def login(params: dict[str, str], mode: str, stored: dict[str, Any], aws: str) -> dict[str, Any]:
    """Return a login with ``params``, after which this is stored, and this of AWS configured."""
    said = [{"result": {"type": "amazonBedrock"}}, login_completed(), account_updated(mode)]
    return {
        "auth": ApiKeyAuth(),
        "config": {"model_providers": {"amazon-bedrock": {"aws": AWS}}},
        "story": [
            *(do.login({**params, "region": " us-west-2 "}), do.look(), do.read(), do.status()),
            *(do.logout(), do.look(), do.read()),
        ],
        "expect": Expect(
            story=Story(
                login=Login(messages=said),
                look=File(
                    auth_json="rewritten",
                    auth={"auth_mode": mode, "OPENAI_API_KEY": None, **stored},
                    layout=True,
                    config=[BEDROCK, aws],
                ),
                read=Read(
                    account={"type": "amazonBedrock", "usesCodexManagedCredentials": True},
                    requires_openai_auth=False,
                ),
                status=Status(auth_method=None, auth_token=None, requires_openai_auth=False),
                look_2=File(auth_json="removed", config=["no model", "no model_provider"]),
                read_2=Read(account=None, requires_openai_auth=True),
            ),
            home=Home(auth_json="removed"),
        ),
    }


scenarios = {
    "api_key": Scenario(
        **login(
            {"type": "amazonBedrock", "apiKey": " bedrock-key "},
            "bedrockApiKey",
            {"bedrock_api_key": {"api_key": "bedrock-key", "region": "us-west-2"}},
            OLD[1],
        ),
        applies=Applies(">=0.145.0", "the login to Amazon Bedrock is new"),
        upstream={
            "story": [
                *PINNED,
                "login_with_bedrock_api_key_replaces_openai_auth",
                "logout_removes_bedrock_auth",
            ]
        },
        deviations=[
            Deviation(
                "<0.150.0", KEPT, reason="neither profile nor model is taken out of config.toml"
            )
        ],
    ),
    "access_keys": Scenario(
        **login(
            {
                "type": "amazonBedrockAccessKeys",
                "accessKeyId": " AKIA ",
                "secretAccessKey": " secret ",
            },
            "bedrockAccessKeys",
            {"bedrock_access_keys": {"access_key_id": "AKIA", "secret_access_key": "secret"}},
            NEW,
        ),
        applies=Applies(">=0.150.0", "the login to Amazon Bedrock with access keys is new"),
        upstream={"story": PINNED},
    ),
}
