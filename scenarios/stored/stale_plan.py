"""The id token still says "free" after an upgrade to "plus", of which only the rate limits know.

A refresh helps where it brings an id token that knows of the new plan.
"""

from harness import Backend, Expect, Limits, Refresh, Reply, Scenario, grant, signed_in

PLUS = {"type": "chatgpt", "email": "someone@example.com", "planType": "plus"}
USAGE = Reply(json={"plan_type": "plus", "rate_limit": None, "credits": None})
LIMITS = Limits(plan_type="plus", used_percent=None)
REPORTS = ["router-for-me/CLIProxyAPI#4330", "Soju06/codex-lb#1215"]

scenarios = {
    "kept": Scenario(
        auth=signed_in(plan_type="free"),
        backend=Backend(usage=USAGE),
        expect=Expect(limits=LIMITS),
        reports=REPORTS,
    ),
    "refreshed": Scenario(
        auth=signed_in(plan_type="free"),
        backend=Backend(usage=USAGE, token=grant(claims=signed_in(plan_type="plus").claims)),
        expect=Expect(limits=LIMITS, refresh=Refresh(account=PLUS)),
        reports=REPORTS,
    ),
}
