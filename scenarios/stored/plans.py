"""The id token names one of the plans that came after free, go, plus, pro, team and business.

A Codex from before takes each for "unknown". Of the rate limits it makes the same, but for "hc".
For a plan of a workspace it also fetches the workspace's config bundle.
"""

from harness import Scenario, signed_in

VARIANTS = "get_account_with_chatgpt_plan_variants_returns_plan_type"
USAGE_BASED = "id_token_info_parses_usage_based_business_plans"
UPSTREAM = {
    "self_serve_business_prolite": [VARIANTS],
    "edu_plus": [VARIANTS],
    "edu_pro": [VARIANTS],
    "hc": ["id_token_info_parses_hc_plan_as_enterprise"],
    "self_serve_business_usage_based": [
        "plan_type_maps_self_serve_business_usage_based_plan",
        USAGE_BASED,
    ],
    "enterprise_cbp_usage_based": ["plan_type_maps_enterprise_cbp_usage_based_plan", USAGE_BASED],
    "go": ["id_token_info_parses_go_plan"],
}
PLANS = [
    *("free", "go", "team", "prolite", "promax", "self_serve_business_prolite"),
    *("self_serve_business_usage_based", "enterprise", "ent26", "enterprise_cbp_automation"),
    *("enterprise_cbp_usage_based", "hc", "edu", "edu_plus", "edu_pro", "education", "sci"),
]

scenarios = {
    plan: Scenario(
        auth=signed_in(plan_type=plan),
        stages=["session"],
        upstream={
            "read": UPSTREAM.get(plan, []),
            "requests": ["workspace_account_detection_matches_workspace_plans"],
        },
    )
    for plan in PLANS
}
