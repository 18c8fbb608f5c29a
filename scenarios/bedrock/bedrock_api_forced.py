"""config.toml forces API keys and names Amazon Bedrock: Codex asks the backend for nothing."""

from harness import Applies, Called, Expect, Read, Scenario, Story, do

scenario = Scenario(
    config={"model_provider": "amazon-bedrock", "forced_login_method": "api"},
    story=[do.call("configRequirements/read"), do.read()],
    expect=Expect(
        story=Story(
            call=Called(result={"requirements": {"allowedLoginMethods": ["api"]}}),
            read=Read(
                account={"type": "amazonBedrock", "usesCodexManagedCredentials": False},
                requires_openai_auth=False,
            ),
        )
    ),
    applies=Applies(">=0.156.0", "the login methods that are left are not told before"),
    upstream={
        "story": ["config_requirements_read_preserves_api_only_bedrock_without_chatgpt_requests"]
    },
)
