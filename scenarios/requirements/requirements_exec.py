"""The machine's requirements forbid what auth.json holds: codex exec runs signed out, silently.

For the same policy in config.toml it says why, ends with 1, and deletes the file.
"""

from harness import SIGNED_IN, ApiKeyAuth, Applies, Auth, Expect, Ran, Scenario, Story, do

FORBIDDEN: dict[str, tuple[Auth, dict[str, list[str]]]] = {
    "api-has-chatgpt": (SIGNED_IN, {"allowed_login_methods": ["api"]}),
    "chatgpt-has-api-key": (ApiKeyAuth(), {"allowed_login_methods": ["chatgpt"]}),
    "other-workspace": (SIGNED_IN, {"allowed_chatgpt_workspaces": ["workspace-2"]}),
}

scenarios = {
    name: Scenario(
        auth=auth,
        requirements=requirements,
        story=[do.exec()],
        expect=Expect(story=Story(exec=Ran(bearers=[None], account_ids=[None]))),
        applies=Applies(">=0.147.0", "requirements for sign-ins are new"),
    )
    for name, (auth, requirements) in FORBIDDEN.items()
}
