"""Somebody logs in by device code with another store than the file, which holds another sign-in.

With a keyring that is not there, the tokens are fetched and then lost.
"""

from harness import (
    LOCKED,
    OWN_ISSUER,
    SIGNED_IN,
    Deviation,
    Expect,
    File,
    Heard,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    account_updated,
    asked_by_device,
    do,
    login_completed,
    stored_tokens,
)

NONE_FOUND = "no secret service provider or dbus session found"
FAILURE = f"Platform secure storage failure: {NONE_FOUND}"
LOST = "failed to write OAuth tokens to keyring: {}"
LOST_ONCE = login_completed("login-1", error=LOST.format(FAILURE))
LOST_TWICE = login_completed("login-1", error=LOST.format(f"{FAILURE}: {FAILURE}: {NONE_FOUND}"))
DONE = [login_completed("login-1"), account_updated("chatgpt", "pro")]
NOBODY = Status(auth_method=None, auth_token=None)

scenarios = {
    store: Scenario(
        auth=SIGNED_IN,
        applies=OWN_ISSUER,
        config={"cli_auth_credentials_store": store},
        env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
        story=[
            do.status(),
            do.login({"type": "chatgptDeviceCode"}),
            do.hear(heard),
            do.look(),
            do.status(),
        ],
        expect=Expect(
            story=Story(
                status=before,
                hear=Heard(messages=said),
                look=File(auth_json=home.auth_json),
                status_2=after,
            ),
            home=home,
            requests=Requests(counts=asked_by_device()),
        ),
        deviations=deviations,
    )
    for store, heard, before, said, after, home, deviations in (
        (
            "ephemeral",
            "account/updated",
            NOBODY,
            DONE,
            Status(auth_token="access-1"),
            Home(auth_json="untouched"),
            [],
        ),
        (
            "auto",
            "account/updated",
            Status(),
            DONE,
            Status(auth_token="access-1"),
            Home(auth_json="rewritten", auth=stored_tokens(1)),
            [],
        ),
        (
            "keyring",
            "account/login/completed",
            NOBODY,
            [LOST_TWICE],
            NOBODY,
            Home(auth_json="untouched", appeared=LOCKED),
            [
                Deviation(
                    "<0.161.0",
                    Expect(story=Story(hear=Heard(messages=[LOST_ONCE]))),
                    reason="the fault is told once",
                )
            ],
        ),
    )
}
