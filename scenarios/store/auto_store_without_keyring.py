"""Credentials belong into the keyring if there is one, and there is none: auth.json it is.

Codex signs in with it, and cannot log out: each logout asks the keyring first, fails, and leaves
the file. A ChatGPT sign-in is revoked all the same, and then sits there dead.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Auth,
    CliLogout,
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
LOGOUT = "logout failed: failed to delete auth from keyring: {}"
CLI_LOGOUT = "Error logging out: failed to delete auth from keyring: {}"
FALLS_BACK = {"read": ["auto_auth_storage_load_falls_back_when_keyring_errors"]}
ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
FILES: dict[str, tuple[Auth, str, dict[str, str] | None]] = {
    "no_file": (NoAuth(), "absent", None),
    "chatgpt": (SIGNED_IN, "untouched", ACCOUNT),
    "api_key": (ApiKeyAuth(), "untouched", {"type": "apiKey"}),
}

scenarios = {
    name: Scenario(
        auth=auth,
        config={"cli_auth_credentials_store": "auto"},
        env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
        expect=Expect(
            logout=Logout(
                error=RpcError(-32603, LOGOUT.format(FAILURE_TWICE)),
                notifications=[],
                account=account,
                auth_json=kept,
            ),
            cli_logout=CliLogout(
                exit_code=1, text=CLI_LOGOUT.format(FAILURE_TWICE), auth_json=kept
            ),
        ),
        upstream=FALLS_BACK if account else {},
        reports=["openai/codex#14704"],
        deviations=[
            Deviation(
                "<0.161.0",
                Expect(
                    logout=Logout(error=RpcError(-32603, LOGOUT.format(FAILURE))),
                    cli_logout=CliLogout(text=CLI_LOGOUT.format(FAILURE)),
                ),
                reason="the fault is told once",
            )
        ],
    )
    for name, (auth, kept, account) in FILES.items()
}
