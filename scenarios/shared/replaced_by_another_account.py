"""Another account's auth.json is put in place under a running app-server, as a switcher does.

Codex stays with the account that it knows, and refreshes neither: the file is not its own any more.
"""

from harness import (
    SIGNED_IN,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    do,
    signed_in,
    stored_tokens,
)

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
    deviations=[
        Deviation(
            "<0.105.0",
            Expect(
                story=Story(status=Status(auth_token="access-1")),
                home=Home(auth_json="rewritten", auth=stored_tokens(1, account_id="workspace-2")),
                requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
            ),
            reason="the new tokens of the one account are stored with the id of the other",
        )
    ],
    upstream={"story": ["refresh_token_errors_on_account_mismatch"]},
    reports=["openai/codex#42771", "openai/codex-plugin-cc#281", "Loongphy/codex-auth#141"],
)
