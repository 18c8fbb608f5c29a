"""The host gives new tokens after 11 seconds: Codex has given up one second before.

The late tokens are not used. The next turn starts with the old ones and asks again.
"""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    between,
    late,
    unauthorized,
    until_refreshed,
)

TOO_LATE = Asked("unauthorized", "workspace-1", "host-1 after 11 s")
AGAIN = Asked("unauthorized", "workspace-1", "host-2")

scenario = Scenario(
    host=Host(refreshes=[late(11)]),
    stages=["session"],
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message="auth refresh request timed out after 10s",
            kind="other",
            host=[TOO_LATE],
            seconds=between(9, 12),
        ),
        next_turn=NextTurn(
            bearers=["host-0", "host-2"],
            account_ids=["workspace-1", "workspace-1"],
            host=[AGAIN],
        ),
        requests=Requests(counts={"POST /v1/responses": 3}, host=[TOO_LATE, AGAIN]),
    ),
)
