"""Signed in with an API key."""

from harness import ApiKeyAuth, Scenario

scenario = Scenario(
    auth=ApiKeyAuth("sk-scenario-api-key"),
    upstream={
        "limits": ["get_account_rate_limits_requires_chatgpt_auth"],
        "logout": ["logout_account_removes_auth_and_notifies", "logout_removes_auth_file"],
    },
)
