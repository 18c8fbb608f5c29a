"""config.toml breaks while Codex runs on Amazon Bedrock: it answers by what it read at start."""

from harness import Applies, Expect, Read, Scenario, Status, Story, do

scenario = Scenario(
    config={"model_provider": "amazon-bedrock"},
    story=[do.start(), do.configure("model = ["), do.read(), do.status()],
    expect=Expect(
        story=Story(
            read=Read(
                account={"type": "amazonBedrock", "usesCodexManagedCredentials": False},
                requires_openai_auth=False,
            ),
            status=Status(requires_openai_auth=False),
        )
    ),
    applies=Applies(">=0.145.0", "who holds the credentials is not told before"),
    upstream={"story": ["account_reads_use_startup_config_when_config_reload_fails"]},
)
