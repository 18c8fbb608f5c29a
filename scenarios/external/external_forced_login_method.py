"""config.toml forces a login method, and a host signs in with ChatGPT tokens."""

from harness import Expect, Host, Login, NoAuth, RpcError, Scenario

REFUSAL = RpcError(-32600, "External ChatGPT auth is disabled. Use API key login instead.")

scenarios = {
    "chatgpt": Scenario(host=Host(), config={"forced_login_method": "chatgpt"}),
    "api": Scenario(
        host=Host(),
        config={"forced_login_method": "api"},
        taken_for=NoAuth(),
        expect=Expect(login=Login(messages=[REFUSAL])),
    ),
}
