"""Somebody is signed in and runs `codex login`, which comes to nothing: the good login is gone.

Codex logs out before it begins, so the tokens are revoked and the file is removed whatever follows.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    File,
    Home,
    Ran,
    Requests,
    Scenario,
    Story,
    asked_by_device,
    do,
    matching,
    refuse,
    stored_tokens,
)

KEPT = Expect(
    story=Story(
        look=File(auth_json="untouched"), run_2=Ran(exit_code=0, text="Logged in using ChatGPT")
    ),
    home=Home(auth_json="untouched", auth=stored_tokens(0), layout=True, mode="0600"),
)
NOT_REVOKED = Expect(requests=Requests(counts={"POST /oauth/revoke": 0}, revoked=[]))
NOT_BEFORE = "nobody is logged out before the new login goes well"

scenarios = {
    variant: Scenario(
        auth=SIGNED_IN,
        backend=backend,
        story=[
            do.run("login", "--device-auth", "--experimental_issuer", "{backend}/login"),
            do.look(),
            do.run("login", "status"),
        ],
        expect=Expect(
            story=Story(
                run=Ran(exit_code=1, text=matching(text)),
                look=File(auth_json="removed"),
                run_2=Ran(exit_code=1, text="Not logged in"),
            ),
            home=Home(auth_json="removed"),
            requests=Requests(counts={**counts, "POST /oauth/revoke": 1}, revoked=["refresh-0"]),
        ),
        deviations=[
            Deviation("<0.140.0", KEPT, reason=NOT_BEFORE),
            Deviation(">=0.122.0,<0.140.0", NOT_REVOKED, reason=NOT_BEFORE),
        ],
        reports=["openai/codex#46430"],
    )
    for variant, backend, text, counts in (
        (
            "disabled",
            Backend(usercode=refuse(404)),
            "device code login is not enabled",
            {"POST /login/api/accounts/deviceauth/usercode": 1},
        ),
        (
            "exchange_failed",
            Backend(code=refuse(500)),
            "token endpoint returned status 500",
            asked_by_device(),
        ),
    )
}
