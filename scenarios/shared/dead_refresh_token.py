"""The refresh token was used already, and a status is asked for again and again.

Codex asks once where it is told to refresh; where the tokens are due, once at its start as well.
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
    datetime,
    do,
    refuse,
    signed_in,
)

OPAQUE = signed_in(access_token="opaque-token")
STALE = OPAQUE.but(last_refresh=datetime(2025, 1, 1, tzinfo=UTC))
DEAD = Backend(token=refuse(401, "refresh_token_reused"))

NO_TOKEN = Status(auth_token=None)
ONCE = Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"])
TWICE = Requests(counts={"POST /oauth/token": 2}, refreshed_with=["refresh-0", "refresh-0"])

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
TOKEN = Status(auth_token="access-0")

FORGOTTEN = "no failure is remembered, and the token is shown all the same"
THRICE = Requests(counts={"POST /oauth/token": 3}, refreshed_with=["refresh-0"] * 3)

scenarios = {
    "forced": Scenario(
        auth=OPAQUE,
        backend=DEAD,
        story=[do.status(refresh=True), do.status(refresh=True)],
        expect=Expect(story=Story(status=NO_TOKEN, status_2=NO_TOKEN), requests=ONCE),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(story=Story(status=TOKEN, status_2=TOKEN), requests=TWICE),
                reason=FORGOTTEN,
            )
        ],
        upstream={
            "story": ["get_auth_status_omits_token_after_permanent_refresh_failure"],
            "requests": ["refresh_token_does_not_retry_after_permanent_failure"],
        },
    ),
    "forced_and_refused_with_400": Scenario(
        auth=OPAQUE,
        backend=Backend(token=refuse(400, "refresh_token_reused")),
        story=[do.status(refresh=True), do.status(refresh=True)],
        expect=Expect(story=Story(status=NO_TOKEN, status_2=NO_TOKEN), requests=ONCE),
        deviations=[
            Deviation(
                "<0.136.0",
                Expect(story=Story(status=TOKEN, status_2=TOKEN), requests=TWICE),
                reason="only a 401 is remembered, and the token is shown all the same",
            )
        ],
        upstream={"requests": ["refresh_token_does_not_retry_after_bad_request_reused_failure"]},
    ),
    "due": Scenario(
        auth=STALE,
        backend=DEAD,
        story=[do.status(), do.status()],
        expect=Expect(story=Story(status=NO_TOKEN, status_2=NO_TOKEN), requests=TWICE),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(story=Story(status=TOKEN, status_2=TOKEN), requests=THRICE),
                reason=FORGOTTEN,
            )
        ],
        upstream={"story": ["get_auth_status_omits_token_after_proactive_refresh_failure"]},
    ),
    "due_and_forced": Scenario(
        auth=STALE,
        backend=DEAD,
        story=[do.status(refresh=True), do.read()],
        expect=Expect(story=Story(status=NO_TOKEN, read=Read(account=None)), requests=TWICE),
        deviations=[
            Deviation(
                "<0.117.0",
                Expect(story=Story(status=TOKEN, read=Read(account=ACCOUNT)), requests=THRICE),
                reason=FORGOTTEN,
            ),
            Deviation(
                ">=0.117.0,<0.128.0",
                Expect(story=Story(read=Read(account=ACCOUNT))),
                reason="the account is shown whatever became of its tokens",
            ),
        ],
        upstream={"story": ["get_account_omits_chatgpt_after_permanent_refresh_failure"]},
    ),
}
