"""The id token lacks the e-mail address, the plan, or everything: Codex shows the account without.

The tokens work all the same. Old releases refuse to show such an account.
"""

from harness import Scenario, edited, encode_id_token, signed_in

NO_AUTH = signed_in(plan_type=None, chatgpt_user_id=None, chatgpt_account_id=None)
NOTHING = NO_AUTH.but(email=None)
HEAD, _, SIGNATURE = encode_id_token(NOTHING.claims).split(".")

scenarios = {
    "no-email": Scenario(
        auth=signed_in(email=None),
        stages=["session"],
        upstream={"read": ["get_account_with_chatgpt_without_email"]},
        reports=["openai/codex#25428"],
    ),
    "no-plan": Scenario(
        auth=signed_in(plan_type=None),
        stages=["session"],
        upstream={
            "read": [
                "get_account_with_chatgpt_missing_plan_claim_returns_unknown",
                "missing_plan_type_maps_to_unknown",
            ]
        },
    ),
    "no-auth-object": Scenario(auth=NO_AUTH),
    "no-claims": Scenario(
        stages=["session"],
        auth=NOTHING,
        upstream={"read": ["id_token_info_handles_missing_fields"]},
    ),
    "array": Scenario(auth=edited(NOTHING, tokens={"id_token": f"{HEAD}.W10.{SIGNATURE}"})),
}
