"""The id token has expired, or is another than usual; what Codex needs is there all the same.

The e-mail address may stand in the profile, the user in ``user_id``. Nobody looks at the expiry or
the signature of an id token.
"""

from harness import SIGNED_IN, Scenario, edited, encode_id_token, encode_jwt, signed_in

AUTH, PROFILE = "https://api.openai.com/auth", "https://api.openai.com/profile"
OF_THE_ACCOUNT = {"chatgpt_plan_type": "pro", "chatgpt_account_id": "workspace-1"}
CLAIMS = {**OF_THE_ACCOUNT, "chatgpt_user_id": "user-1"}
EMAIL = "someone@example.com"

TOKENS = {
    "expired": encode_jwt({"email": EMAIL, "exp": 1_600_000_000, AUTH: CLAIMS}),
    "profile-email": encode_jwt({PROFILE: {"email": EMAIL}, AUTH: CLAIMS}),
    "user-id": encode_jwt({"email": EMAIL, AUTH: {**OF_THE_ACCOUNT, "user_id": "user-1"}}),
    "four-parts": f"{encode_id_token(SIGNED_IN.claims)}.more",
}

scenarios = {
    name: Scenario(auth=edited(SIGNED_IN, tokens={"id_token": token}), stages=["session", "cli"])
    for name, token in TOKENS.items()
} | {"not-ascii": Scenario(auth=signed_in(email="jürgen@例え.jp"))}
