"""The file holds an API key beside tokens: a login leaves nothing of either, and a logout neither.

Only a logout revokes; the key that a login by device code replaces is forgotten with the tokens.
"""

from harness import (
    OWN_ISSUER,
    SIGNED_IN,
    Expect,
    Heard,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    account_updated,
    asked_by_device,
    do,
    edited,
    login_completed,
    stored_tokens,
)

BOTH = edited(SIGNED_IN, OPENAI_API_KEY="sk-in-the-home")
KEY_ALONE = {"auth_mode": "apikey", "OPENAI_API_KEY": "api-key-2"}
DONE = Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")])

scenarios = {
    "api_key": Scenario(
        auth=BOTH,
        story=[do.login({"type": "apiKey", "apiKey": "sk-of-the-login"}), do.status()],
        expect=Expect(
            story=Story(status=Status(auth_method="apikey", auth_token="api-key-2")),
            home=Home(auth_json="rewritten", auth=KEY_ALONE),
        ),
        reports=["openai/codex#3611"],
    ),
    "device_code": Scenario(
        auth=BOTH,
        applies=OWN_ISSUER,
        story=[
            do.login({"type": "chatgptDeviceCode"}),
            do.hear("account/updated"),
            do.status(),
        ],
        expect=Expect(
            story=Story(hear=DONE, status=Status(auth_token="access-1")),
            home=Home(auth_json="rewritten", auth=stored_tokens(1)),
            requests=Requests(counts=asked_by_device()),
        ),
        reports=["openai/codex#3611"],
    ),
    "logout": Scenario(
        auth=BOTH,
        story=[do.logout(), do.status()],
        expect=Expect(
            story=Story(status=Status(auth_method=None, auth_token=None)),
            home=Home(auth_json="removed"),
            requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-0"]),
        ),
        reports=["openai/codex#3611"],
    ),
}
