"""A host signs in, logs out, and then signs in with an API key, which is welcome again."""

from harness import (
    ApiKeyAuth,
    Expect,
    Home,
    Host,
    HostTokens,
    Login,
    Logout,
    Refresh,
    Requests,
    Scenario,
    between,
    log_out,
)

ONCE = {"GET /backend-api/wham/accounts/check": 1}
# Asked in the background, now and then before the host has logged out (0.156.0).
MODELS = {"GET /v1/models": between(0, 1)}

scenario = Scenario(
    host=Host(logins=[HostTokens(), log_out(), {"type": "apiKey", "apiKey": "sk-scenario-key"}]),
    taken_for=ApiKeyAuth("sk-scenario-key"),
    expect=Expect(
        login=Login(
            messages=[
                {"result": {"type": "chatgptAuthTokens"}},
                {"method": "account/login/completed", "params": {"success": True}},
                {"method": "account/updated", "params": {"authMode": "chatgptAuthTokens"}},
                {"result": {}},
                {"method": "account/updated", "params": {"authMode": None}},
                {"result": {"type": "apiKey"}},
                {"method": "account/login/completed", "params": {"success": True}},
                {"method": "account/updated", "params": {"authMode": "apikey"}},
            ]
        ),
        home=Home(
            auth_json="created",
            auth={"auth_mode": "apikey", "OPENAI_API_KEY": "api-key"},
            layout=True,
            mode="0600",
        ),
        requests=Requests(counts={**ONCE, **MODELS}),
        refresh=Refresh(auth_json="created", counts=ONCE),
        logout=Logout(counts=ONCE),
    ),
)
