"""The requirements name a login method that is none: Codex does not start, and says which.

One that is running keeps to what it read at its start, and fails only to show the requirements.
"""

from harness import (
    Applies,
    Called,
    Expect,
    Home,
    Ran,
    Requests,
    RpcError,
    Scenario,
    Start,
    Story,
    do,
    matching,
)

LAYER = (
    "failed to parse requirements layer /etc/codex/requirements.toml: "
    "unknown variant `saml`, expected `chatgpt` or `api`\nin `allowed_login_methods`"
)
SINCE = Applies(">=0.147.0", "requirements for logins are new")

scenarios = {
    "at-start": Scenario(
        requirements={"allowed_login_methods": ["saml"]},
        story=[do.start(), do.run("login", "status"), do.exec()],
        expect=Expect(
            story=Story(
                start=Start(
                    outcome="died: Codex ended without an answer to initialize",
                    stderr=matching("unknown variant `saml`, expected `chatgpt` or `api`"),
                ),
                run=Ran(exit_code=1, text=f"Error loading configuration: {LAYER}"),
                exec=Ran(
                    exit_code=1,
                    text=f"Error loading config.toml: {LAYER}",
                    bearers=[],
                    account_ids=[],
                ),
            ),
            home=Home(exit="1"),
            requests=Requests(counts={"POST /v1/responses": 0}),
        ),
        applies=SINCE,
    ),
    "while-running": Scenario(
        requirements={"allowed_login_methods": ["api"]},
        story=[
            do.start(),
            do.require({"allowed_login_methods": ["saml"]}),
            do.call("configRequirements/read"),
            do.read(),
        ],
        expect=Expect(
            story=Story(
                call=Called(
                    result=None,
                    error=RpcError(-32603, f"failed to read configuration layers: {LAYER}\n"),
                )
            )
        ),
        upstream={"story": ["config_requirements_read_rejects_invalid_login_method"]},
        applies=SINCE,
    ),
}
