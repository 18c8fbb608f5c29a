"""The account id in auth.json is blank: Codex sends the header blank, and refreshes.

For workspace routing a blank id is none, so that ``account/read`` fails. Where Codex refreshed at
its start, releases from 0.157.0 on then ask OpenAI itself, whatever backend they are told to use;
once in dozens of times 0.163.0 did ask that one.
"""

from harness import (
    AccessToken,
    Deviation,
    Expect,
    Limits,
    Read,
    Refresh,
    Requests,
    RpcError,
    Scenario,
    between,
    either,
    every,
    signed_in,
    timedelta,
)

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
NO_ID = RpcError(-32603, "workspace routing requires a ChatGPT account id")
USAGE = "https://chatgpt.com/backend-api/wham/usage"
FAILED = f"failed to fetch codex rate limits: error sending request for url ({USAGE})"
SETTINGS = "GET /backend-api/wham/settings/user"
LIMITS = ("GET /backend-api/wham/rate-limit-reset-credits", "GET /backend-api/wham/usage")
EXPIRED = AccessToken(expires_in=-timedelta(hours=1))

NO_ROUTING = Deviation(
    "<0.156.0",
    Expect(
        read=Read(account=ACCOUNT, requires_openai_auth=True, error=None),
        refresh=Refresh(account=ACCOUNT, error=None),
    ),
    reason="there is no routing yet",
)

LIMIT = {"usedPercent": 10, "windowDurationMins": 300, "resetsAt": 1_900_000_000}
ANSWER = {"primary": LIMIT, "secondary": None, "credits": None, "planType": "pro"}
SELDOM = between(0, 1)

TO_OPENAI = Deviation(
    ">=0.157.0,<0.169.0",
    Expect(
        limits=Limits(
            plan_type=either(None, "pro"),
            used_percent=either(None, 10),
            answer=either(None, {"rateLimits": ANSWER}),
            error=either(RpcError(-32603, FAILED), None),
        ),
        requests=Requests(
            counts=dict.fromkeys((*LIMITS, SETTINGS), SELDOM), bearers=every("^access-1$")
        ),
    ),
    reason="after a refresh it asks OpenAI itself, but for once in dozens of times",
)
SETTINGS_OF_OPENAI = Deviation(
    ">=0.169.0",
    Expect(requests=Requests(counts={SETTINGS: 0})),
    reason="after a refresh it asks OpenAI itself for settings",
)
SEEN = Expect(
    read=Read(account=None, requires_openai_auth=None, error=NO_ID),
    refresh=Refresh(account=None, error=NO_ID),
)

scenarios = {
    "good": Scenario(
        auth=signed_in(account_id=""),
        expect=SEEN,
        deviations=[NO_ROUTING],
        reports=["router-for-me/CLIProxyAPI#3312"],
    ),
    "expired": Scenario(
        auth=signed_in(account_id="", access_token=EXPIRED),
        reaches=["chatgpt.com"],
        lasts=3,
        expect=SEEN,
        deviations=[NO_ROUTING, TO_OPENAI, SETTINGS_OF_OPENAI],
    ),
}
