"""The model answers that the limit of the plan is used up: the turn fails and says so."""

from harness import SIGNED_IN, Backend, Expect, Reply, Scenario, Turn, matching

LIMIT = {"type": "usage_limit_reached", "plan_type": "pro", "resets_at": 1_900_000_000}

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(responses=Reply(429, json={"error": LIMIT})),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=matching("^You.ve hit your usage limit"),
            kind="usageLimitExceeded",
        )
    ),
)
