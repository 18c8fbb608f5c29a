"""What makes Codex refresh by itself: the expiry of the access token or, without one, its age.

It counts by its own clock, with five minutes to spare and none for a clock that is wrong: a clock
that runs ahead takes a good token for an expired one. When a token is good from, it does not ask.
"""

from harness import UTC, AccessToken, Scenario, datetime, encode_jwt, signed_in, timedelta

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TOKENS = {
    "ten_days": AccessToken(expires_in=timedelta(days=10)),
    "over_five_minutes": AccessToken(expires_in=timedelta(minutes=5, seconds=30)),
    "under_five_minutes": AccessToken(expires_in=timedelta(minutes=4, seconds=30)),
    "just_good": AccessToken(expires_in=timedelta(seconds=30)),
    "just_expired": AccessToken(expires_in=-timedelta(seconds=30)),
    "no_expiry": AccessToken(),
}
UPSTREAM = {
    "ten_days": {"requests": ["returns_fresh_tokens_as_is"]},
    "over_five_minutes": {"home": ["auth_skips_access_token_outside_refresh_window"]},
    "under_five_minutes": {"requests": ["auth_refreshes_when_access_token_is_near_expiry"]},
    "just_expired": {"home": ["refreshes_token_when_access_token_is_expired"]},
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
    "no_expiry_fresh": Scenario(auth=signed_in(access_token=TOKENS["no_expiry"])),
    "from_the_future": Scenario(
        auth=signed_in(access_token=encode_jwt({"iat": 4e9, "nbf": 4e9, "exp": 4_100_000_000})),
        stages=["session"],
    ),
}
