"""While a host's tokens are active, every other kind of login is refused."""

from harness import Expect, Host, HostTokens, Login, RpcError, Scenario

REFUSAL = RpcError(
    -32600,
    "External auth is active. Use account/login/start (chatgptAuthTokens) to update it "
    "or account/logout to clear it.",
)
OTHERS = (
    {"type": "apiKey", "apiKey": "sk-scenario-other-key"},
    {"type": "chatgpt"},
    {"type": "chatgptDeviceCode"},
    {"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-east-1"},
)

scenario = Scenario(
    host=Host(logins=[HostTokens(), *OTHERS]),
    expect=Expect(
        login=Login(
            messages=[
                {"result": {"type": "chatgptAuthTokens"}},
                {"method": "account/login/completed", "params": {"success": True}},
                {"method": "account/updated", "params": {"authMode": "chatgptAuthTokens"}},
                *[REFUSAL] * len(OTHERS),
            ]
        )
    ),
)
