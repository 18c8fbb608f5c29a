"""The rate limits name no window, or another plan than the token: Codex passes on what there is."""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Limits,
    Reply,
    RpcError,
    Scenario,
    matching,
    signed_in,
)

NULL_WINDOWS = {
    "allowed": True,
    "limit_reached": False,
    "primary_window": None,
    "secondary_window": None,
}

UNKNOWN = Deviation(
    "<0.121.0",
    Expect(
        limits=Limits(
            plan_type=None,
            error=RpcError(-32603, matching("unknown variant `galactic`")),
        )
    ),
    reason="rate limits cannot be read for a plan that Codex does not know",
)

scenarios = {
    name: Scenario(
        auth=auth,
        stages=["session"],
        backend=Backend(usage=Reply(json={"plan_type": plan, "rate_limit": limit})),
        expect=Expect(limits=Limits(plan_type=shown, used_percent=None)),
        deviations=[UNKNOWN] if shown == "unknown" else [],
        reports=reports,
    )
    for name, auth, plan, limit, shown, reports in (
        ("no_limit", SIGNED_IN, "pro", None, "pro", []),
        ("null_windows", SIGNED_IN, "pro", NULL_WINDOWS, "pro", []),
        ("unknown_plan", SIGNED_IN, "galactic", None, "unknown", ["openai/codex#17353"]),
        (
            "newer_plan",
            signed_in(plan_type="free"),
            "plus",
            None,
            "plus",
            ["steipete/CodexBar#3389"],
        ),
    )
}
