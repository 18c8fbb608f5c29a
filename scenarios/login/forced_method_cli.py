"""config.toml forces one login method: `codex login` refuses the others, and asks nobody."""

from harness import SIGNED_IN, Expect, File, NoAuth, Ran, Scenario, Story, do, matching

NO_KEY = "API key login is disabled. Use ChatGPT login instead."
NO_CHATGPT = "ChatGPT login is disabled. Use API key login instead."

scenarios = {
    variant: Scenario(
        auth=auth,
        config={"forced_login_method": forced},
        taken_for=NoAuth(),
        story=[do.run("login", *words, stdin="sk-of-the-login\n"), do.look()],
        expect=Expect(
            story=Story(
                run=Ran(exit_code=1, text=matching(f"{refusal}$")), look=File(auth_json=becomes)
            )
        ),
        reports=["openai/codex#46914"],
    )
    for variant, auth, forced, words, refusal, becomes in (
        ("chatgpt_not_key", NoAuth(), "chatgpt", ["--with-api-key"], NO_KEY, "absent"),
        ("api_not_browser", NoAuth(), "api", [], NO_CHATGPT, "absent"),
        ("api_not_device_code", NoAuth(), "api", ["--device-auth"], NO_CHATGPT, "absent"),
        ("api_and_signed_in", SIGNED_IN, "api", ["--device-auth"], NO_CHATGPT, "untouched"),
    )
}
