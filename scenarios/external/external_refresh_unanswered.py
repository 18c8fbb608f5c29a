"""The host never answers the request for new tokens: Codex gives up after 10 seconds.

The turn fails, the account stays, and the next turn asks the host again.
"""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    HostTokens,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    between,
    never,
    unauthorized,
    until_refreshed,
)

IGNORED = Asked("unauthorized", "workspace-1", "never")
ANSWERED = Asked("unauthorized", "workspace-1", "host-1")

scenario = Scenario(
    host=Host(refreshes=[never(), HostTokens()]),
    stages=["session"],
    backend=Backend(responses=until_refreshed(unauthorized())),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message="auth refresh request timed out after 10s",
            kind="other",
            host=[IGNORED],
            seconds=between(9, 12),
        ),
        next_turn=NextTurn(
            bearers=["host-0", "host-1"],
            account_ids=["workspace-1", "workspace-1"],
            host=[ANSWERED],
        ),
        requests=Requests(counts={"POST /v1/responses": 3}, host=[IGNORED, ANSWERED]),
    ),
    reports=["openai/codex#27667", "friuns2/codex-mobile#92", "agentclientprotocol/codex-acp#319"],
)
