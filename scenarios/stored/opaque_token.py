"""An access token that is no JWT: Codex trusts it for eight days from the last refresh."""

from harness import UTC, Scenario, datetime, signed_in

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

scenarios = {
    "fresh": Scenario(auth=signed_in(access_token="opaque-access-token")),
    "old": Scenario(auth=signed_in(access_token="opaque-access-token", last_refresh=LONG_AGO)),
}
