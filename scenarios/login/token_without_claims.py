"""A person logs in, and the id token names no account: that is a login, without an account id."""

from harness import (
    ASKED_BY_BROWSER,
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Home,
    IdTokenClaims,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    account_updated,
    asked_by_device,
    do,
    grant,
    login_completed,
    stored_tokens,
)

NOTHING = IdTokenClaims(email=None, plan_type=None, chatgpt_user_id=None, chatgpt_account_id=None)

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        backend=Backend(code=grant(claims=NOTHING)),
        story=[*begin, do.hear("account/updated"), do.read(), do.status()],
        expect=Expect(
            story=Story(
                hear=Heard(
                    messages=[login_completed("login-1"), account_updated("chatgpt", "unknown")]
                ),
                read=Read(account={"type": "chatgpt", "email": None, "planType": "unknown"}),
                status=Status(auth_method="chatgpt", auth_token="access-1"),
            ),
            home=Home(auth_json="created", auth=stored_tokens(1, account_id=None, api_key=key)),
            requests=Requests(counts=counts),
        ),
        upstream={"home": pinned},
    )
    for variant, begin, key, counts, pinned in (
        (
            "device_code",
            [do.login({"type": "chatgptDeviceCode"})],
            None,
            asked_by_device(),
            ["device_code_login_integration_persists_without_api_key_on_exchange_failure"],
        ),
        (
            "browser",
            [do.login({"type": "chatgpt"}), do.visit()],
            "exchanged-key",
            ASKED_BY_BROWSER,
            [],
        ),
    )
}
