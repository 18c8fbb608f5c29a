"""Where a login goes with each store for credentials, and what is left of it after a restart.

The machine has no keyring. A store that is `auto` then takes the file.
"""

from harness import (
    LOCKED,
    Deviation,
    Expect,
    File,
    Home,
    Login,
    RpcError,
    Scenario,
    Status,
    Story,
    Turn,
    do,
)

KEY = {"auth_mode": "apikey", "OPENAI_API_KEY": "api-key"}
STORED = File(auth_json="created", auth=KEY)
BY_KEY = Status(auth_method="apikey", auth_token="api-key")
NOBODY = Status(auth_method=None, auth_token=None)
USED, NOT_USED = Turn(bearers=["api-key"]), Turn(bearers=[None])
CREATED = Home(auth_json="created", auth=KEY)

NONE_FOUND = "no secret service provider or dbus session found"
FAILURE = f"Platform secure storage failure: {NONE_FOUND}"
NOT_SAVED = "failed to save api key: failed to write OAuth tokens to keyring: {}"
REFUSED = Login(
    messages=[RpcError(-32603, NOT_SAVED.format(f"{FAILURE}: {FAILURE}: {NONE_FOUND}"))]
)
REFUSED_ONCE = Login(messages=[RpcError(-32603, NOT_SAVED.format(FAILURE))])

scenarios = {
    store: Scenario(
        config={"cli_auth_credentials_store": store},
        env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
        story=[
            do.login({"type": "apiKey", "apiKey": "sk-of-the-login"}),
            do.look(),
            do.status(),
            do.turn(),
            do.stop(),
            do.status(),
        ],
        expect=Expect(
            story=Story(login=login, look=look, status=status, turn=turn, status_2=restarted),
            home=home,
        ),
        deviations=deviations,
        upstream={"story": pinned},
        reports=["burakdede/aisw#137"] if store == "ephemeral" else ["openai/codex#20871"],
    )
    for store, login, look, status, turn, restarted, home, deviations, pinned in (
        ("file", Login(), STORED, BY_KEY, USED, BY_KEY, CREATED, [], []),
        (
            "auto",
            Login(),
            STORED,
            BY_KEY,
            USED,
            BY_KEY,
            CREATED,
            [],
            ["auto_auth_storage_save_falls_back_when_keyring_errors"],
        ),
        (
            "ephemeral",
            Login(),
            File(auth_json="absent"),
            BY_KEY,
            USED,
            NOBODY,
            Home(),
            [],
            ["ephemeral_storage_save_load_delete_is_in_memory_only"],
        ),
        (
            "keyring",
            REFUSED,
            File(auth_json="absent"),
            NOBODY,
            NOT_USED,
            NOBODY,
            Home(appeared=LOCKED),
            [
                Deviation(
                    "<0.161.0",
                    Expect(story=Story(login=REFUSED_ONCE)),
                    reason="the fault is told once",
                )
            ],
            [],
        ),
    )
}
