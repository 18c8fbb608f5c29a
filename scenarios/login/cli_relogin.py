"""Somebody is signed in and runs `codex login`, which revokes the tokens that it replaces."""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
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
    stored_tokens,
)

scenarios = {
    variant: Scenario(
        auth=auth,
        story=[
            do.run("login", "--device-auth", "--experimental_issuer", "{backend}/login"),
            do.look(),
            do.exec(),
        ],
        expect=Expect(
            story=Story(
                run=Ran(text=matching("Successfully logged in$")),
                look=File(auth_json="rewritten", auth=stored_tokens(1)),
                exec=Ran(bearers=["access-1"], account_ids=["workspace-1"]),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(1)),
            requests=Requests(
                counts={
                    **asked_by_device(),
                    "POST /oauth/revoke": len(revoked),
                },
                revoked=revoked,
            ),
        ),
        deviations=[
            Deviation(
                ">=0.122.0,<0.131.0",
                Expect(requests=Requests(counts={"POST /oauth/revoke": 0}, revoked=[])),
                reason="the tokens are forgotten, and not revoked",
            )
        ]
        if revoked
        else [],
        reports=["openai/codex#21747", "Loongphy/codex-auth#110", "Loongphy/codex-auth#145"],
    )
    for variant, auth, revoked in (
        ("over_tokens", SIGNED_IN, ["refresh-0"]),
        ("over_key", ApiKeyAuth(), []),
    )
}
