"""The rate limits bring a banner: it is passed on word by word if it is meant for this sign-in."""

from harness import SIGNED_IN, Applies, Backend, Expect, Limits, Reply, Scenario, signed_in

BANNER = {"title": "More", "anything": [1, {"at": "all"}]}
USAGE = {"plan_type": "pro", "rate_limit": None, "rate_limit_upsell": BANNER}

scenarios = {
    name: Scenario(
        auth=auth,
        stages=["session"],
        backend=Backend(usage=Reply(json={**USAGE, **identity})),
        expect=Expect(limits=Limits(used_percent=None, answer={"rateLimitUpsell": banner})),
        applies=Applies(">=0.152.0", "earlier releases know of no banner"),
        upstream={"limits": ["get_account_rate_limits_filters_banner_by_identity"]},
    )
    for name, auth, identity, banner in (
        ("same", SIGNED_IN, {"account_id": "workspace-1", "user_id": "user-1"}, BANNER),
        ("other_user", SIGNED_IN, {"account_id": "workspace-1", "user_id": "user-2"}, None),
        ("other_account", SIGNED_IN, {"account_id": "workspace-2", "user_id": "user-1"}, None),
        ("no_identity", SIGNED_IN, {}, None),
        (
            "user_unknown",
            signed_in(chatgpt_user_id=None),
            {"account_id": "workspace-1", "user_id": "user-1"},
            None,
        ),
    )
}
