"""CODEX_API_KEY is set, and config.toml forces ChatGPT: codex exec deletes the good sign-in.

The key comes first, is forbidden, and so codex exec logs out; what it deletes is auth.json, which
holds just what the policy wants. Until the variable is gone, every run ends like this.
"""

from harness import SIGNED_IN, Expect, Home, Ran, Requests, Scenario, Story, do

REFUSED = Ran(
    exit_code=1,
    text="ChatGPT login is required, but an API key is currently being used. Logging out.",
    bearers=[],
    account_ids=[],
)

scenario = Scenario(
    auth=SIGNED_IN,
    config={"forced_login_method": "chatgpt"},
    env={"CODEX_API_KEY": "sk-of-the-environment"},
    story=[do.exec(), do.exec()],
    expect=Expect(
        story=Story(exec=REFUSED, exec_2=REFUSED),
        home=Home(auth_json="removed", auth=None, layout=None, mode=None),
        requests=Requests(counts={"POST /v1/responses": 0}),
    ),
    upstream={"story": ["enforce_login_restrictions_blocks_env_api_key_when_chatgpt_required"]},
)
