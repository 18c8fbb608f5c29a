"""The account id stands in the id token but not in auth.json, as in files made by hand.

The id token is no substitute: Codex sends no ChatGPT-Account-ID and refuses to refresh.
"""

from harness import LEFT_OUT, Scenario, edited, signed_in

AUTH = signed_in(account_id=None, chatgpt_account_id="workspace-1")

scenarios = {
    "null": Scenario(auth=AUTH),
    "absent": Scenario(auth=edited(AUTH, tokens={"account_id": LEFT_OUT})),
}
