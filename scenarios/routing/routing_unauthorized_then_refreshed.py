"""Routing discovery answers 401 to a token that looks good: Codex refreshes it, and goes on."""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Home,
    Logout,
    Refresh,
    Requests,
    Scenario,
    Status,
    Turn,
    between,
    unauthorized,
    until_refreshed,
)

CHECK, TOKEN = "GET /backend-api/wham/accounts/check", "POST /oauth/token"
# It also asks in the background, at the same time or when it has the new token.
ONCE, TWICE = ({CHECK: between(2 + tokens, 3 + tokens), TOKEN: tokens} for tokens in (1, 2))

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(accounts_check=until_refreshed(unauthorized())),
    applies=Applies(">=0.156.0", "routing discovery came with 0.156.0"),
    expect=Expect(
        status=Status(auth_token="access-1"),
        turn=Turn(bearers=["access-1"]),
        home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-1"}}),
        requests=Requests(
            counts=ONCE, refreshed_with=["refresh-0"], bearers=["access-0", "access-1"]
        ),
        refresh=Refresh(
            auth_token="access-2",
            auth={"tokens": {"access_token": "access-2"}},
            counts=TWICE,
            refreshed_with=["refresh-0", "refresh-1"],
        ),
        logout=Logout(counts=ONCE, refreshed_with=["refresh-0"], revoked=["refresh-1"]),
    ),
    reports=["openai/codex#47456"],
)
