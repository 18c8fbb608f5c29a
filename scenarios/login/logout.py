"""A logout revokes the refresh token and removes the file, whatever the issuer says to the former.

There is nothing to revoke of an API key, nor in a second logout, which goes well, too.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Backend,
    Expect,
    File,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    do,
    drop,
    refuse,
    signed_in,
)

scenarios = {
    variant: Scenario(
        auth=auth,
        backend=backend,
        story=[do.read(), do.logout(), do.look(), do.status(), do.logout()],
        expect=Expect(
            story=Story(
                look=File(auth_json="removed"),
                status=Status(auth_method=None, auth_token=None),
            ),
            home=Home(auth_json="removed"),
            requests=Requests(counts={"POST /oauth/revoke": len(revoked)}, revoked=revoked),
        ),
        upstream={"story": pinned},
    )
    for variant, auth, backend, revoked, pinned in (
        (
            "tokens",
            SIGNED_IN,
            Backend(),
            ["refresh-0"],
            ["logout_with_revoke_revokes_refresh_token_then_removes_auth"],
        ),
        (
            "revoke_refused",
            SIGNED_IN,
            Backend(revoke=refuse(500)),
            ["refresh-0"],
            ["logout_with_revoke_removes_auth_when_revoke_fails"],
        ),
        ("revoke_dropped", SIGNED_IN, Backend(revoke=drop()), ["refresh-0"], []),
        ("access_alone", signed_in(refresh_token=""), Backend(), ["access-0"], []),
        (
            "api_key",
            ApiKeyAuth(),
            Backend(),
            [],
            ["logout_account_removes_auth_and_notifies", "logout_removes_auth_file"],
        ),
    )
}
