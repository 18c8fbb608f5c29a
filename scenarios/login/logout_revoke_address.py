"""Nobody says where to revoke: it is done beside the place where tokens are refreshed.

Codex takes CODEX_REFRESH_TOKEN_URL_OVERRIDE, with another path and without its query.
"""

from harness import LEFT_OUT, SIGNED_IN, Applies, Expect, Home, Requests, Scenario, do

scenario = Scenario(
    auth=SIGNED_IN,
    env={
        "CODEX_REFRESH_TOKEN_URL_OVERRIDE": "http://backend/oauth/token?unused=1",
        "CODEX_REVOKE_TOKEN_URL_OVERRIDE": LEFT_OUT,
    },
    story=[do.logout()],
    applies=Applies(">=0.122.0", "a logout does not revoke before"),
    expect=Expect(
        home=Home(auth_json="removed"),
        requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-0"]),
    ),
    upstream={"requests": ["derives_revoke_url_from_refresh_token_override"]},
)
