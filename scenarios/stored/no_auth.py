"""No auth.json at all: signed out."""

from harness import NoAuth, Scenario

scenario = Scenario(
    auth=NoAuth(),
    upstream={
        "read": ["get_account_no_auth", "missing_auth_json_returns_none"],
        "status": ["get_auth_status_no_auth"],
        "limits": ["get_account_rate_limits_requires_auth"],
    },
    reports=["eneskirca/nodeterm#683", "JUNKDOGE-JOE/after-effects-mcp#292"],
)
