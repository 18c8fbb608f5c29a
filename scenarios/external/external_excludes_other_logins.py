"""While a host's tokens are active, every other kind of login is refused."""

from harness import Applies, Expect, Host, HostTokens, Login, RpcError, Scenario

REFUSAL = RpcError(
    -32600,
    "External auth is active. Use account/login/start (chatgptAuthTokens) to update it "
    "or account/logout to clear it.",
)

scenarios = {
    variant: Scenario(
        host=Host(logins=[HostTokens(), other]),
        stages=["session"],
        applies=Applies(releases, "this login does not exist before"),
        expect=Expect(
            login=Login(
                messages=[
                    {"result": {"type": "chatgptAuthTokens"}},
                    {"method": "account/login/completed", "params": {"success": True}},
                    {"method": "account/updated", "params": {"authMode": "chatgptAuthTokens"}},
                    REFUSAL,
                ]
            )
        ),
    )
    for variant, other, releases in (
        ("api_key", {"type": "apiKey", "apiKey": "sk-scenario-other-key"}, ">=0.93.0"),
        ("chatgpt", {"type": "chatgpt"}, ">=0.93.0"),
        ("device_code", {"type": "chatgptDeviceCode"}, ">=0.118.0"),
        (
            "amazon_bedrock",
            {"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-east-1"},
            ">=0.145.0",
        ),
    )
}
