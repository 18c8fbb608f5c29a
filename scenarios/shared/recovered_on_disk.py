"""A refresh fails, and good tokens of the same account turn up in auth.json.

Codex finds them when it needs a token, and asks for no others.
"""

from harness import (
    UTC,
    Backend,
    Deviation,
    Expect,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    between,
    datetime,
    do,
    either,
    every,
    refuse,
    signed_in,
)

OPAQUE = signed_in(access_token="opaque-token")
STALE = OPAQUE.but(last_refresh=datetime(2025, 1, 1, tzinfo=UTC))
GOOD = do.put(signed_in(refresh_token="newer-refresh-token"))
DEAD = Backend(token=refuse(401, "refresh_token_reused"))

FOUND = Status(auth_token="access-put-1")

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
UNSEEN = "what lies in the file is not looked at"

# What Codex does beside it may find them first, and one of both then redeems the new refresh token.
MAYBE_FOUND = Status(auth_token=either("access-put-1", "access-0"))
MAYBE_REDEEMED = every("^refresh-(0|put-1)$")
AT_ONCE = "who asks while another is finding them refreshes them at once, if rarely"

# How often a start asks in vain differs with all that it does at the same time.
AT_THE_START = Requests(
    counts={"POST /oauth/token": between(1, 9)}, refreshed_with=every("^refresh-0$")
)

scenarios = {
    "refused_then_asked": Scenario(
        auth=STALE,
        backend=DEAD,
        story=[do.status(), GOOD, do.status()],
        expect=Expect(
            story=Story(status=Status(auth_token=None), status_2=FOUND),
            requests=Requests(counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0"] * 2),
        ),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(
                    story=Story(
                        status=Status(auth_token="access-0"),
                        status_2=Status(auth_token="access-0"),
                    ),
                    requests=Requests(
                        counts={"POST /oauth/token": 3}, refreshed_with=["refresh-0"] * 3
                    ),
                ),
                reason=UNSEEN,
            ),
            Deviation(
                ">=0.140.0,<0.148.0",
                Expect(
                    story=Story(status_2=MAYBE_FOUND),
                    requests=Requests(
                        counts={"POST /oauth/token": between(2, 3)}, refreshed_with=MAYBE_REDEEMED
                    ),
                ),
                reason=AT_ONCE,
            ),
        ],
        upstream={"story": ["get_auth_status_returns_token_after_proactive_refresh_recovery"]},
    ),
    "refused_then_forced": Scenario(
        auth=OPAQUE,
        backend=DEAD,
        story=[do.read(refresh=True), GOOD, do.read(refresh=True), do.status()],
        expect=Expect(
            story=Story(read=Read(account=None), status=FOUND),
            requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        ),
        deviations=[
            Deviation(
                "<0.105.0",
                Expect(
                    story=Story(read=Read(account=ACCOUNT), status=Status(auth_token="access-0")),
                    requests=Requests(
                        counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0"] * 2
                    ),
                ),
                reason=UNSEEN,
            ),
            Deviation(
                ">=0.105.0,<0.128.0",
                Expect(story=Story(read=Read(account=ACCOUNT))),
                reason="the account is shown whatever became of its tokens",
            ),
        ],
        upstream={
            "requests": ["refresh_token_reloads_changed_auth_after_permanent_failure"],
            "story": ["refresh_failure_is_scoped_to_the_matching_auth_snapshot"],
        },
    ),
    "unavailable_then_asked": Scenario(
        auth=STALE,
        backend=Backend(token=refuse(503)),
        story=[
            do.read(),
            do.status(),
            GOOD,
            do.from_now_on(token=refuse(401, "refresh_token_expired")),
            do.status(),
            do.turn(),
        ],
        expect=Expect(
            story=Story(status_2=FOUND, turn=Turn(bearers=["access-put-1"])),
            requests=AT_THE_START,
        ),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(
                    story=Story(
                        status_2=Status(auth_token="access-0"), turn=Turn(bearers=["access-0"])
                    )
                ),
                reason=UNSEEN,
            ),
            Deviation(
                ">=0.140.0,<0.153.0",
                Expect(
                    story=Story(status_2=MAYBE_FOUND),
                    requests=Requests(refreshed_with=MAYBE_REDEEMED),
                ),
                reason=AT_ONCE,
            ),
        ],
        upstream={
            "story": [
                "auth_reloads_disk_auth_when_cached_auth_is_stale",
                "auth_reloads_disk_auth_without_calling_expired_refresh_token",
            ]
        },
    ),
}
