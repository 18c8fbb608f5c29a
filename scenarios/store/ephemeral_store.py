"""Credentials are kept in memory only: auth.json is neither read nor removed, not by a logout."""

from harness import SIGNED_IN, ApiKeyAuth, Auth, CliLogout, Expect, Logout, NoAuth, Scenario

FILES: dict[str, tuple[Auth, str]] = {
    "no_file": (NoAuth(), "absent"),
    "chatgpt": (SIGNED_IN, "untouched"),
    "api_key": (ApiKeyAuth(), "untouched"),
}

scenarios = {
    name: Scenario(
        auth=auth,
        config={"cli_auth_credentials_store": "ephemeral"},
        taken_for=NoAuth(),
        expect=Expect(
            logout=Logout(auth_json=kept),
            cli_logout=CliLogout(
                text="Not logged in",
                auth_json=kept,
                revoked=[],
                counts={"POST /oauth/revoke": 0},
            ),
        ),
    )
    for name, (auth, kept) in FILES.items()
}
