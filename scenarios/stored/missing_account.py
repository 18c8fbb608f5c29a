"""No account id anywhere, neither in auth.json nor in the id token.

Codex works as long as the access token does, without a ChatGPT-Account-ID, but refuses to refresh:
it could not tell whether the new tokens belong to the same account.
"""

from harness import Scenario, signed_in

scenario = Scenario(
    auth=signed_in(account_id=None, chatgpt_account_id=None),
    upstream={"read": ["get_account_with_chatgpt"]},
)
