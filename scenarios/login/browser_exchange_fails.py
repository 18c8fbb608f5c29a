"""The issuer gives no tokens for the code of a browser: nobody is logged in, and it is said why."""

from harness import (
    OWN_ISSUER,
    Backend,
    Deviation,
    Expect,
    Heard,
    Reply,
    Requests,
    Scenario,
    Story,
    Visited,
    do,
    drop,
    grant,
    login_completed,
    matching,
    refuse,
)


def _failed(error: str) -> Story:
    said = f"Token exchange failed: {error}"
    completed = login_completed("login-1", error=matching(f"^Login server error: {said}"))
    return Story(
        visit=Visited(
            status=200, location=None, text=matching(f"{said}.* Error code token_exchange_failed")
        ),
        hear=Heard(messages=[completed]),
    )


OLDER = Deviation(
    "<0.156.0",
    Expect(story=_failed("error decoding response body")),
    reason="an older wording",
)

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        backend=Backend(code=answer),
        story=[
            do.login({"type": "chatgpt"}),
            do.visit(),
            do.hear("account/login/completed"),
            do.read(),
        ],
        expect=Expect(
            story=_failed(error),
            requests=Requests(counts={"POST /login/oauth/token authorization_code": 1}),
        ),
        deviations=deviations,
        reports=["openai/codex#10466", "openai/codex#5283"],
    )
    for variant, answer, error, deviations in (
        (
            "forbidden",
            refuse(403, "unsupported_country_region_territory", "Country not supported"),
            "token endpoint returned status 403 Forbidden: Country not supported",
            [],
        ),
        (
            "failed",
            Reply(500, body="oops"),
            "token endpoint returned status 500 Internal Server Error: oops",
            [],
        ),
        ("dropped", drop(), "error sending request for url", []),
        (
            "no_refresh_token",
            grant(refresh_token=False),
            "OAuth token response is invalid",
            [OLDER],
        ),
    )
}
