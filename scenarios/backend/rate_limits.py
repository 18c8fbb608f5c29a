"""The rate limits in full: two windows, another limit, credits, and a cap on spending.

The plan is the one that they name, whatever the token says.
"""

from harness import SIGNED_IN, Applies, Backend, Expect, Limits, Reply, Scenario

WINDOW = {"limit_window_seconds": 3600, "reset_after_seconds": 100, "reset_at": 1_900_000_000}
FIRST, SECOND, OTHER = ({**WINDOW, "used_percent": used} for used in (42, 5, 88))
CAP = {"limit": "100", "used": "10", "remaining": "90", "used_percent": 10, "remaining_percent": 90}
ALLOWED = {"allowed": True, "limit_reached": False}
MORE = {"limit_name": "codex_other", "metered_feature": "codex_other"}
USAGE = {
    "plan_type": "plus",
    "rate_limit": {**ALLOWED, "primary_window": FIRST, "secondary_window": SECOND},
    "additional_rate_limits": [{**MORE, "rate_limit": {**ALLOWED, "primary_window": OTHER}}],
    "credits": {"has_credits": True, "unlimited": False, "balance": "12"},
    "rate_limit_reached_type": {"type": "workspace_member_usage_limit_reached"},
    "spend_control": {"reached": True, "individual_limit": {**CAP, **WINDOW}},
    "rate_limit_reset_credits": {"available_count": 3},
}
RESETS = {"windowDurationMins": 60, "resetsAt": 1_900_000_000}
MAIN = {
    "limitId": "codex",
    "primary": {"usedPercent": 42, **RESETS},
    "secondary": {"usedPercent": 5, **RESETS},
    "credits": {"hasCredits": True, "unlimited": False, "balance": "12"},
    "individualLimit": {"limit": "100", "used": "10", "remainingPercent": 90},
    "spendControlReached": True,
    "planType": "plus",
    "rateLimitReachedType": "workspace_member_usage_limit_reached",
}
ADDED = {"limitId": "codex_other", "primary": {"usedPercent": 88, **RESETS}, "planType": "plus"}
RETURNS = "get_account_rate_limits_returns_snapshot"
PRESERVES = "get_account_rate_limits_preserves_count_when_reset_credit_details_fail"

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        backend=Backend(usage=Reply(json=USAGE), reset_credits=details),
        expect=Expect(
            limits=Limits(
                plan_type="plus",
                used_percent=42,
                answer={
                    "rateLimits": MAIN,
                    "rateLimitsByLimitId": {"codex": MAIN, "codex_other": ADDED},
                    "rateLimitResetCredits": {"availableCount": 3, "credits": known},
                },
            )
        ),
        applies=Applies(">=0.145.0", "earlier releases tell less of them"),
        upstream={"limits": [test]},
    )
    for name, details, known, test in (
        ("in_full", Reply(json={"available_count": 3, "credits": []}), [], RETURNS),
        ("details_down", Reply(500, body="oops"), None, PRESERVES),
    )
}
