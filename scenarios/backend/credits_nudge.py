"""A member asks the owner of the workspace for credits: only a sign-in with ChatGPT can.

``account/sendAddCreditsNudgeEmail`` passes on what is wanted, and says if it was asked for lately.
"""

from typing import Any

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Applies,
    Auth,
    Backend,
    Called,
    Expect,
    NoAuth,
    Reply,
    Requests,
    RpcError,
    Scenario,
    Story,
    do,
)

NUDGE = "POST /backend-api/wham/accounts/send_add_credits_nudge_email"
ASK = "account/sendAddCreditsNudgeEmail"
CAME = Applies(">=0.122.0", "nobody could ask the owner before")
PINNED = "send_add_credits_nudge_email_"

ANSWERS: dict[str, tuple[Backend, Called, str]] = {
    "sent": (Backend(), Called(result={"status": "sent"}), "posts_expected_body"),
    "asked_lately": (
        Backend(nudge=Reply(429)),
        Called(result={"status": "cooldown_active"}),
        "maps_cooldown",
    ),
    "down": (
        Backend(nudge=Reply(500, body="oops")),
        Called(
            result=None,
            error=RpcError(
                -32603,
                "failed to notify workspace owner: POST http://backend/backend-api/wham/accounts/"
                "send_add_credits_nudge_email failed: 500 Internal Server Error; "
                "content-type=text/plain; body=oops",
            ),
        ),
        "surfaces_backend_failure",
    ),
}
FORBIDDEN: dict[str, tuple[Auth, str, str]] = {
    "signed_out": (NoAuth(), "codex account", "requires_auth"),
    "api_key": (ApiKeyAuth(), "chatgpt", "requires_chatgpt_auth"),
}


def asks(credit_type: str, **state: Any) -> Scenario:
    """Return a state in which a member asks for this."""
    return Scenario(story=[do.call(ASK, {"creditType": credit_type})], applies=CAME, **state)


scenarios = {
    name: asks(
        "usage_limit",
        auth=SIGNED_IN,
        backend=backend,
        expect=Expect(
            story=Story(call=called),
            requests=Requests(counts={NUDGE: 1}, bodies={NUDGE: [{"credit_type": "usage_limit"}]}),
        ),
        upstream={"requests" if name == "sent" else "story": [PINNED + test]},
    )
    for name, (backend, called, test) in ANSWERS.items()
} | {
    name: asks(
        "credits",
        auth=auth,
        expect=Expect(
            story=Story(
                call=Called(
                    result=None,
                    error=RpcError(
                        -32600, f"{kind} authentication required to notify workspace owner"
                    ),
                )
            )
        ),
        upstream={"story": [PINNED + test]},
    )
    for name, (auth, kind, test) in FORBIDDEN.items()
}
