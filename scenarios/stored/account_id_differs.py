"""auth.json and the id token name different accounts: the one in auth.json counts."""

from harness import Scenario, signed_in

scenario = Scenario(auth=signed_in(account_id="workspace-1", chatgpt_account_id="workspace-2"))
