"""A login with a browser replaces a stale file, which holds a key and an id token that is none."""

from harness import (
    ASKED_BY_BROWSER,
    OWN_ISSUER,
    Expect,
    Heard,
    Home,
    RawAuth,
    Requests,
    Scenario,
    Story,
    Turn,
    account_updated,
    do,
    login_completed,
    stored_tokens,
)

STALE = {
    "OPENAI_API_KEY": "sk-stale-key",
    "tokens": {
        "id_token": "stale-id-token",
        "access_token": "stale-access-token",
        "refresh_token": "stale-refresh-token",
        "account_id": "stale-account",
    },
}

scenario = Scenario(
    auth=RawAuth(STALE),
    applies=OWN_ISSUER,
    config={"forced_chatgpt_workspace_id": "workspace-1"},
    story=[
        do.login({"type": "chatgpt"}),
        do.visit(),
        do.hear("account/updated"),
        do.turn(),
    ],
    expect=Expect(
        story=Story(
            hear=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
            turn=Turn(bearers=["access-1"], account_ids=["workspace-1"]),
        ),
        home=Home(
            auth_json="rewritten", auth=stored_tokens(1, api_key="exchanged-key"), layout=True
        ),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
    upstream={"home": ["end_to_end_login_flow_persists_auth_json"]},
)
