"""The plan that a host names wins over the one in its token; without either it is unknown."""

from harness import Host, HostTokens, Scenario, signed_in

NO_PLAN = signed_in(plan_type=None).claims

scenarios = {
    "named": Scenario(host=Host(logins=HostTokens(plan_type="team"))),
    "named_only": Scenario(host=Host(logins=HostTokens(plan_type="plus", claims=NO_PLAN))),
    "unknown": Scenario(host=Host(logins=HostTokens(plan_type="no-such-plan"))),
    "nowhere": Scenario(host=Host(logins=HostTokens(claims=NO_PLAN))),
}
