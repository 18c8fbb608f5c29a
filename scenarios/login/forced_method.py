"""config.toml forces one login method: the others are refused, and nobody is asked."""

from harness import Applies, Expect, File, Login, RpcError, Scenario, Story, do

NO_KEY = "API key login is disabled. Use ChatGPT login instead."
NO_CHATGPT = "ChatGPT login is disabled. Use API key login instead."

scenarios = {
    variant: Scenario(
        config={"forced_login_method": forced},
        applies=Applies(releases, "this login does not exist before"),
        story=[do.login(login), do.look(), do.read()],
        expect=Expect(
            story=Story(
                login=Login(messages=[RpcError(-32600, refusal)]), look=File(auth_json="absent")
            )
        ),
        upstream={"story": pinned},
        reports=["openai/codex#46914"],
    )
    for variant, forced, login, refusal, releases, pinned in (
        (
            "chatgpt_not_key",
            "chatgpt",
            {"type": "apiKey", "apiKey": "sk-of-the-login"},
            NO_KEY,
            ">=0.93.0",
            [
                "login_account_api_key_rejected_when_forced_chatgpt",
                "login_api_key_rejected_when_forced_chatgpt",
            ],
        ),
        (
            "api_not_browser",
            "api",
            {"type": "chatgpt"},
            NO_CHATGPT,
            ">=0.93.0",
            ["login_account_chatgpt_rejected_when_forced_api"],
        ),
        (
            "api_not_device_code",
            "api",
            {"type": "chatgptDeviceCode"},
            NO_CHATGPT,
            ">=0.118.0",
            [],
        ),
    )
}
