"""Another account's auth.json is put in place under a running app-server, as a switcher does.

Codex stays with the account that it knows, and refreshes neither: the file is not its own any more.
"""

from harness import SIGNED_IN, Scenario, do, signed_in

OTHER = signed_in(
    account_id="workspace-2",
    chatgpt_account_id="workspace-2",
    chatgpt_user_id="user-2",
    refresh_token="refresh-token-of-the-other",
)

scenario = Scenario(
    auth=SIGNED_IN,
    story=[
        do.turn(),
        do.put(OTHER),
        do.read(),
        do.turn(),
        do.read(refresh=True),
        do.status(),
    ],
    reports=["openai/codex#42771", "openai/codex-plugin-cc#281", "Loongphy/codex-auth#141"],
)
