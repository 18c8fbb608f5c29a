"""The requirements are changed or removed while Codex runs: it keeps to those of its start."""

from harness import Applies, Called, Deviation, Expect, RpcError, Scenario, Story, do

API_ONLY = Called(result={"requirements": {"allowedLoginMethods": ["api"]}})

scenarios = {
    name: Scenario(
        requirements={"allowed_login_methods": ["api"]},
        story=[
            do.start(),
            do.require(later),
            do.call("configRequirements/read"),
            do.call("account/login/start", {"type": "chatgptDeviceCode"}),
        ],
        expect=Expect(
            story=Story(
                call=API_ONLY,
                call_2=Called(
                    result=None,
                    error=RpcError(-32600, "ChatGPT login is disabled. Use API key login instead."),
                ),
            )
        ),
        applies=Applies(">=0.147.0", "requirements for logins are new"),
        deviations=[
            Deviation(
                "<0.156.0",
                Expect(story=Story(call=Called(result={}))),
                reason="the methods that are left are not told yet",
            )
        ],
        upstream={"story": ["config_requirements_read_uses_running_auth_policy"]},
    )
    for name, later in {"removed": None, "changed": {"allowed_login_methods": ["chatgpt"]}}.items()
}
