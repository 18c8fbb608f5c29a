"""Signed in with ChatGPT, everything in order.

The id token names a user, without whom Codex (0.160.0 on) takes a refresh for a change of owner.
"""

from harness import SIGNED_IN, Scenario

scenario = Scenario(
    auth=SIGNED_IN,
    upstream={
        "read": ["id_token_info_parses_email_and_plan", "plan_type_maps_known_plan"],
        "status": ["file_storage_load_returns_auth_dot_json"],
        "cli_logout": ["file_storage_delete_removes_auth_file"],
    },
    reports=["Zeus-Deus/codemux#192"],
)
