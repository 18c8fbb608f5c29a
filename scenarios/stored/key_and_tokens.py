"""auth.json holds an API key beside the tokens of ChatGPT: auth_mode decides, else the key wins.

A browser login of Codex itself may store both. A refresh keeps the key that is not used.
"""

from harness import LEFT_OUT, SIGNED_IN, ApiKeyAuth, Scenario, edited

BOTH = {"OPENAI_API_KEY": ApiKeyAuth().api_key}
NO_ACCOUNT = {"account_id": LEFT_OUT}
REPORTS = ["openai/codex#3611", "volcengine/agentkit-sdk-python#110"]

scenarios = {
    "no-mode": Scenario(
        auth=edited(SIGNED_IN, auth_mode=LEFT_OUT, **BOTH), taken_for=ApiKeyAuth(), reports=REPORTS
    ),
    "no-mode-no-account": Scenario(
        auth=edited(SIGNED_IN, auth_mode=LEFT_OUT, tokens=NO_ACCOUNT, **BOTH),
        taken_for=ApiKeyAuth(),
        upstream={"status": ["reads_old_auth_json_without_account_id"]},
    ),
    "chatgpt": Scenario(auth=edited(SIGNED_IN, **BOTH), reports=REPORTS),
    "apikey": Scenario(
        auth=edited(SIGNED_IN, auth_mode="apikey", **BOTH), taken_for=ApiKeyAuth(), reports=REPORTS
    ),
}
