"""The model answers 401 to the token in the home, which still looks good, until it is refreshed.

Codex first tries the same token again, since another process might have replaced it on disk; then
it refreshes, and the turn goes on with the new one.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Expect,
    Home,
    Requests,
    Scenario,
    Turn,
    unauthorized,
    until_refreshed,
)

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            bearers=["access-0", "access-0", "access-1"],
            account_ids=["workspace-1", "workspace-1", "workspace-1"],
        ),
        home=Home(auth_json="rewritten", auth={"tokens": {"access_token": "access-1"}}),
        requests=Requests(
            counts={"POST /v1/responses": 3, "POST /oauth/token": 1}, refreshed_with=["refresh-0"]
        ),
    ),
)
