"""The plan that a host names wins over the one in its token; without either it is unknown."""

from harness import (
    Deviation,
    Expect,
    Host,
    HostTokens,
    NextTurn,
    Read,
    Refresh,
    RpcError,
    Scenario,
    signed_in,
)

REFUSED = RpcError(-32600, "email and plan type are required for chatgpt authentication")
NO_PLAN = signed_in(plan_type=None).claims

scenarios = {
    "named": Scenario(host=Host(logins=HostTokens(plan_type="team"))),
    "named_only": Scenario(host=Host(logins=HostTokens(plan_type="plus", claims=NO_PLAN))),
    "unknown": Scenario(host=Host(logins=HostTokens(plan_type="no-such-plan"))),
    "nowhere": Scenario(
        host=Host(logins=HostTokens(claims=NO_PLAN)),
        deviations=[
            Deviation(
                "<0.99.0",
                Expect(
                    read=Read(account=None, requires_openai_auth=None, error=REFUSED),
                    next_turn=NextTurn(account=None, error=REFUSED),
                    refresh=Refresh(account=None, error=REFUSED),
                ),
                reason="an account without a plan cannot be shown",
            )
        ],
    ),
}
