"""The keyring is the store for credentials, and there is none, as on a Linux server.

The good sign-in in auth.json is ignored and stays. No logout succeeds, not even without a sign-in.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Auth,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    Logout,
    NoAuth,
    RpcError,
    Scenario,
)

NONE_FOUND = "no secret service provider or dbus session found"
FAILURE = f"Platform secure storage failure: {NONE_FOUND}"
FAILURE_TWICE = f"{FAILURE}: {FAILURE}: {NONE_FOUND}"
STATUS = "Error checking login status: failed to load CLI auth from keyring: {}"
LOGOUT = "logout failed: failed to delete auth from keyring: {}"
CANNOT_LOAD = "logout failed: failed to load CLI auth from keyring: {}"
CLI_LOGOUT = "Error logging out: failed to delete auth from keyring: {}"
FILES: dict[str, tuple[Auth, str]] = {
    "no_file": (NoAuth(), "absent"),
    "chatgpt": (SIGNED_IN, "untouched"),
    "api_key": (ApiKeyAuth(), "untouched"),
}

scenarios = {
    name: Scenario(
        auth=auth,
        config={"cli_auth_credentials_store": "keyring"},
        env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
        taken_for=NoAuth(),
        expect=Expect(
            logout=Logout(
                error=RpcError(-32603, LOGOUT.format(FAILURE_TWICE)),
                notifications=[],
                auth_json=kept,
            ),
            cli_status=CliStatus(text=STATUS.format(FAILURE_TWICE)),
            cli_logout=CliLogout(
                exit_code=1,
                text=CLI_LOGOUT.format(FAILURE_TWICE),
                auth_json=kept,
                revoked=[],
                counts={"POST /oauth/revoke": 0},
            ),
        ),
        deviations=[
            Deviation(
                "<0.161.0",
                Expect(
                    logout=Logout(error=RpcError(-32603, LOGOUT.format(FAILURE))),
                    cli_status=CliStatus(text=STATUS.format(FAILURE)),
                    cli_logout=CliLogout(text=CLI_LOGOUT.format(FAILURE)),
                ),
                reason="the fault is told once",
            ),
            Deviation(
                ">=0.169.0",
                Expect(logout=Logout(error=RpcError(-32603, CANNOT_LOAD.format(FAILURE_TWICE)))),
                reason="a logout first looks for what it is to remove",
            ),
        ],
    )
    for name, (auth, kept) in FILES.items()
}
