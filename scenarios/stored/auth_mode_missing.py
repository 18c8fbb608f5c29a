"""auth.json names no auth_mode, as files of old Codexes and of tools: Codex infers it."""

from harness import LEFT_OUT, SIGNED_IN, ApiKeyAuth, Scenario, edited

scenarios = {
    "tokens": Scenario(
        auth=edited(SIGNED_IN, auth_mode=LEFT_OUT),
        upstream={"status": ["pro_account_with_no_api_key_uses_chatgpt_auth"]},
        reports=["jlcodes99/cockpit-tools#666"],
    ),
    "null": Scenario(auth=edited(SIGNED_IN, auth_mode=None)),
    "key": Scenario(
        auth=edited(ApiKeyAuth(), auth_mode=LEFT_OUT, tokens=None, last_refresh=None),
        upstream={"status": ["loads_api_key_from_auth_json"]},
    ),
}
