"""config.toml cannot be read: it is no TOML, or a value of it is unknown.

The app-server says so only when a thread is started. Until then it knows neither the backend nor
the policy of the file, and turns to chatgpt.com. The command line refuses everything.
"""

from harness import (
    ApiKeyAuth,
    Auth,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    NoAuth,
    Requests,
    Scenario,
    Turn,
)

AT = "/world/codex-home/config.toml:1:"
LOGIN_METHOD = "23: unknown variant `{}`, expected `chatgpt` or `api`"
FAULTS = {
    "no_toml": ("no toml", "4: key with no value, expected `=`"),
    "login_method": ('forced_login_method = "saml"', LOGIN_METHOD.format("saml")),
    "no_login_method": ('forced_login_method = ""', LOGIN_METHOD.format("")),
    "store": (
        'cli_auth_credentials_store = "cloud"',
        "30: unknown variant `cloud`, expected one of `file`, `keyring`, `auto`, `ephemeral`",
    ),
}
FILES: dict[str, tuple[Auth, str]] = {
    "no_file": (NoAuth(), "absent"),
    "api_key": (ApiKeyAuth(), "untouched"),
}

scenarios = {
    f"{name}-{file}": Scenario(
        auth=auth,
        config=text,
        reaches=["chatgpt.com", "github.com", "api.github.com"],
        stages=["session", "cli"],
        expect=Expect(
            turn=Turn(
                outcome="refused",
                message=f"failed to load configuration: {AT}{fault}",
                kind=-32600,
                bearers=[],
                account_ids=[],
            ),
            requests=Requests(counts={"POST /v1/responses": 0}),
            cli_status=CliStatus(exit_code=1, text=f"Error loading configuration: {AT}{fault}"),
            cli_logout=CliLogout(
                exit_code=1, text=f"Error loading configuration: {AT}{fault}", auth_json=kept
            ),
        ),
        deviations=[
            Deviation(
                "<0.115.0",
                Expect(turn=Turn(message=f"error deriving config: {AT}{fault}")),
                reason="older text",
            )
        ],
    )
    for name, (text, fault) in FAULTS.items()
    for file, (auth, kept) in FILES.items()
}
