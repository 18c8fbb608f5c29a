"""config.toml forces workspace-1, and the sign-in names its workspace in one place, both or none.

The account id in auth.json decides, the claim of the id token stands in for it. An API key has no
workspace and is let through; a ChatGPT sign-in without one is not.
"""

from harness import (
    ApiKeyAuth,
    Auth,
    Deviation,
    NoAuth,
    Scenario,
    signed_in,
)

FORCED = {"forced_chatgpt_workspace_id": "workspace-1"}
NOWHERE = signed_in(account_id=None, chatgpt_account_id=None)
NAMED: dict[str, Auth] = {
    "only_in_file": signed_in(chatgpt_account_id=None),
    "only_in_id_token": signed_in(account_id=None),
    "another_in_id_token": signed_in(chatgpt_account_id="workspace-2"),
    "api_key": ApiKeyAuth(),
}

scenarios = {
    name: Scenario(auth=auth, config=FORCED, stages=["session", "cli"])
    for name, auth in NAMED.items()
} | {
    "nowhere": Scenario(
        auth=NOWHERE,
        config=FORCED,
        taken_for=NoAuth(),
        deviations=[
            Deviation(
                "<0.147.0",
                taken_for=NOWHERE,
                reason="stored credentials are not yet held against this policy",
            )
        ],
    )
}
