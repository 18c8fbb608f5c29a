"""Somebody is signed in, and begins to log in anew through the app-server: nothing is lost by that.

Whatever becomes of the new login, the one from before is kept and used.
"""

from harness import (
    OWN_ISSUER,
    SIGNED_IN,
    Backend,
    Called,
    Expect,
    File,
    Heard,
    Requests,
    Scenario,
    Story,
    Visited,
    do,
    login_completed,
    matching,
    refuse,
)

BROWSER = do.login({"type": "chatgpt"})
UNTOUCHED = File(auth_json="untouched")

scenarios = {
    "cancelled": Scenario(
        auth=SIGNED_IN,
        story=[
            BROWSER,
            do.call("account/login/cancel", {"loginId": "login-1"}),
            do.hear("account/login/completed"),
            do.look(),
            do.turn(),
        ],
        expect=Expect(
            story=Story(
                call=Called(result={"status": "canceled"}),
                hear=Heard(
                    messages=[
                        login_completed(
                            "login-1", error="Login server error: Login was not completed"
                        )
                    ]
                ),
                look=UNTOUCHED,
            )
        ),
        reports=["openai/codex#46430"],
    ),
    "exchange_failed": Scenario(
        auth=SIGNED_IN,
        applies=OWN_ISSUER,
        backend=Backend(code=refuse(500)),
        story=[BROWSER, do.visit(), do.look(), do.turn()],
        expect=Expect(
            story=Story(
                visit=Visited(status=200, location=None, text=matching("Token exchange failed")),
                look=UNTOUCHED,
            ),
            requests=Requests(counts={"POST /login/oauth/token authorization_code": 1}),
        ),
        reports=["openai/codex#46430"],
    ),
    "never_finished": Scenario(
        auth=SIGNED_IN,
        story=[BROWSER, do.kill(), do.look(), do.turn()],
        expect=Expect(story=Story(look=UNTOUCHED)),
        reports=["openai/codex#46430"],
    ),
}
