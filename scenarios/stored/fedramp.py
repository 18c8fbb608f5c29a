"""The id token says whether the account is one of FedRAMP, which Codex repeats to the model."""

from harness import SIGNED_IN, Applies, Expect, Scenario, Turn, edited, encode_jwt

AUTH = "https://api.openai.com/auth"
CLAIMS = SIGNED_IN.claims.payload()
OF_THE_ACCOUNT = {
    "chatgpt_plan_type": "pro",
    "chatgpt_user_id": "user-1",
    "chatgpt_account_id": "workspace-1",
}

scenarios = {
    name: Scenario(
        auth=edited(
            SIGNED_IN,
            tokens={
                "id_token": encode_jwt(
                    {**CLAIMS, AUTH: {**OF_THE_ACCOUNT, "chatgpt_account_is_fedramp": is_fedramp}}
                )
            },
        ),
        expect=Expect(turn=Turn(fedramp=[header])),
        applies=Applies(">=0.122.0", "the header is new"),
    )
    for name, is_fedramp, header in (("yes", True, "true"), ("no", False, None))
}
