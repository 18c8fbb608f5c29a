"""config.toml breaks while Codex runs, and a logout goes well all the same."""

from harness import ApiKeyAuth, Expect, File, Home, Scenario, Story, do

scenario = Scenario(
    auth=ApiKeyAuth(),
    story=[do.read(), do.configure("model = ["), do.logout(), do.look()],
    expect=Expect(story=Story(look=File(auth_json="removed")), home=Home(auth_json="removed")),
    upstream={"story": ["logout_account_succeeds_when_config_reload_fails"]},
)
