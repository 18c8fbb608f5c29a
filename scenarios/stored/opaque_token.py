"""An access token that names no expiry: Codex trusts it for eight days from the last refresh."""

from harness import UTC, AccessToken, Scenario, datetime, signed_in

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

scenarios = {
    "fresh": Scenario(auth=signed_in(access_token="opaque-access-token")),
    "old": Scenario(
        auth=signed_in(access_token="opaque-access-token", last_refresh=LONG_AGO),
        upstream={
            "requests": ["jwt_expiration_rejects_malformed_jwt"],
            "home": ["file_storage_save_persists_auth_dot_json"],
        },
    ),
    "old-jwt": Scenario(
        auth=signed_in(access_token=AccessToken(), last_refresh=LONG_AGO),
        upstream={"requests": ["jwt_expiration_handles_missing_exp"]},
    ),
}
