"""A login by device code fails while Codex asks for its end; 403 and 404 alone mean "not yet".

What RFC 8628 calls `slow_down` ends it as well.
"""

from harness import (
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Reply,
    Requests,
    Scenario,
    Story,
    do,
    drop,
    login_completed,
    matching,
    refuse,
)

FAILED = "^device auth failed with status "
PINNED = ["login_account_chatgpt_device_code_failure_notifies_without_account_update"]

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        backend=Backend(device=[refuse(404), refuse(403), answer]),
        story=[
            do.login({"type": "chatgptDeviceCode"}),
            do.hear("account/login/completed"),
            do.read(),
        ],
        expect=Expect(
            story=Story(hear=Heard(messages=[login_completed("login-1", error=matching(error))])),
            requests=Requests(
                counts={
                    "POST /login/api/accounts/deviceauth/token": 3,
                    "POST /login/api/accounts/deviceauth/usercode": 1,
                }
            ),
        ),
        upstream={"story": PINNED if variant == "failed" else []},
        reports=["openai/codex#12412"],
    )
    for variant, answer, error in (
        ("failed", refuse(500), f"{FAILED}500 Internal Server Error$"),
        ("declined", refuse(401, "authorization_declined"), f"{FAILED}401 Unauthorized$"),
        ("slow_down", Reply(400, json={"error": "slow_down"}), f"{FAILED}400 Bad Request$"),
        ("expired", Reply(400, json={"error": "expired_token"}), f"{FAILED}400 Bad Request$"),
        ("dropped", drop(), "^error sending request for url"),
    )
}
