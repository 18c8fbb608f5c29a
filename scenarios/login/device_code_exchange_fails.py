"""A person has entered the code, and Codex gets no tokens for it."""

from harness import (
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Reply,
    Requests,
    Scenario,
    Story,
    asked_by_device,
    do,
    drop,
    login_completed,
    matching,
    refuse,
)

FAILED = "^device code exchange failed: "

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        backend=Backend(code=answer),
        story=[
            do.login({"type": "chatgptDeviceCode"}),
            do.hear("account/login/completed"),
            do.read(),
        ],
        expect=Expect(
            story=Story(hear=Heard(messages=[login_completed("login-1", error=matching(error))])),
            requests=Requests(counts=asked_by_device()),
        ),
        reports=["openai/codex#10466"],
    )
    for variant, answer, error in (
        (
            "forbidden",
            refuse(403, "unsupported_country_region_territory", "Country not supported"),
            f"{FAILED}token endpoint returned status 403 Forbidden: Country not supported$",
        ),
        ("failed", Reply(500, body="oops"), f"{FAILED}token endpoint returned status 500"),
        ("dropped", drop(), f"{FAILED}error sending request for url"),
    )
}
