"""`codex login --with-access-token` is given the token of an agent which nobody has signed."""

from harness import Applies, Expect, File, Ran, Requests, Scenario, Story, do, encode_jwt

TOKEN = encode_jwt(
    {
        "iss": "https://chatgpt.com/codex-backend/agent-identity",
        "aud": "codex-app-server",
        "iat": 1_700_000_000,
        "exp": 4_000_000_000,
        "agent_runtime_id": "agent-1",
        "agent_private_key": "private-key-1",
        "account_id": "workspace-1",
        "chatgpt_user_id": "user-1",
        "email": "someone@example.com",
        "plan_type": "pro",
        "chatgpt_account_is_fedramp": False,
    }
)

scenario = Scenario(
    applies=Applies(">=0.129.0", "there is no such option before"),
    story=[do.run("login", "--with-access-token", stdin=TOKEN), do.look()],
    expect=Expect(
        story=Story(
            run=Ran(
                exit_code=1,
                text="Reading access token from stdin...\nError logging in with access token: "
                "failed to decode agent identity JWT header",
            ),
            look=File(auth_json="absent"),
        ),
        requests=Requests(counts={"GET /backend-api/wham/agent-identities/jwks": 1}),
    ),
    upstream={"story": ["login_with_access_token_rejects_unsigned_jwt"]},
)
