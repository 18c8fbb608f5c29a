"""What makes Codex refresh by itself: the expiry of the access token or, without one, its age."""

from harness import UTC, AccessToken, Scenario, datetime, signed_in, timedelta

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TOKENS = {
    "ten_days": AccessToken(expires_in=timedelta(days=10)),
    "six_minutes": AccessToken(expires_in=timedelta(minutes=6)),
    "four_minutes": AccessToken(expires_in=timedelta(minutes=4)),
    "an_hour_ago": AccessToken(expires_in=-timedelta(hours=1)),
    "no_expiry": AccessToken(),
}
UPSTREAM = {
    "ten_days": {"requests": ["returns_fresh_tokens_as_is"]},
    "six_minutes": {"home": ["auth_skips_access_token_outside_refresh_window"]},
    "four_minutes": {"requests": ["auth_refreshes_when_access_token_is_near_expiry"]},
    "an_hour_ago": {"home": ["refreshes_token_when_access_token_is_expired"]},
}

scenarios = {
    name: Scenario(
        auth=signed_in(access_token=token, last_refresh=LONG_AGO),
        stages=["session", "refresh"],
        upstream=UPSTREAM.get(name, {}),
        reports=["max-sixty/tend#1159"],
    )
    for name, token in TOKENS.items()
} | {
    f"{name}_fresh": Scenario(auth=signed_in(access_token=TOKENS[name]))
    for name in ("six_minutes", "no_expiry")
}
