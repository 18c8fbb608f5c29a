"""The requirements keep credentials in memory: auth.json is ignored, whatever config.toml says."""

from harness import SIGNED_IN, Applies, CliLogout, Expect, Logout, NoAuth, Scenario

scenario = Scenario(
    auth=SIGNED_IN,
    requirements={"cli_auth_credentials_store": "ephemeral"},
    config={"cli_auth_credentials_store": "file"},
    taken_for=NoAuth(),
    applies=Applies(">=0.149.0", "requirements for the store are new"),
    expect=Expect(
        logout=Logout(auth_json="untouched"),
        cli_logout=CliLogout(
            text="Not logged in",
            auth_json="untouched",
            revoked=[],
            counts={"POST /oauth/revoke": 0},
        ),
    ),
)
