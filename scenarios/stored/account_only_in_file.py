"""The account id stands in auth.json but not in the id token: Codex needs no more."""

from harness import Scenario, signed_in

scenario = Scenario(auth=signed_in(account_id="workspace-1", chatgpt_account_id=None))
