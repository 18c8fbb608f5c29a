"""The id token names a plan that this Codex has never heard of: it becomes "unknown".

Before 0.121.0, the rate limits of such a plan cannot be read at all.
"""

from harness import Scenario, signed_in

scenarios = {
    "invented": Scenario(
        auth=signed_in(plan_type="galactic"),
        upstream={"read": ["plan_type_maps_unknown_to_unknown"]},
        reports=["openai/codex#17353", "steipete/CodexBar#691"],
    ),
    "capitals": Scenario(auth=signed_in(plan_type="Pro")),
}
