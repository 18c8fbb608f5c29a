"""A host signs in with tokens of its own, which Codex keeps in memory and nowhere else."""

from harness import Host, Scenario

scenario = Scenario(
    host=Host(),
    upstream={
        "login": ["set_auth_token_updates_account_and_notifies"],
        "refresh": ["account_read_refresh_token_is_noop_in_external_mode"],
    },
)
