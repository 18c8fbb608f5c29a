"""auth.json is replaced under a running app-server, by newer tokens, an API key, or nothing.

Codex stays with what it knows until it is asked to refresh: newer tokens of its account it then
takes; of anything else it knows nothing until it is started again.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Deviation,
    Expect,
    File,
    Home,
    NoAuth,
    Read,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    signed_in,
    stored_tokens,
)

NEWER = signed_in(refresh_token="newer-refresh-token")

BLIND = "a refresh does not look whether the file has changed"
ONCE = Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"])
REFRESHED = Expect(
    story=Story(
        status=Status(auth_token="access-1"),
        turn_3=Turn(bearers=["access-1"]),
        look=File(auth_json="rewritten"),
        turn_4=Turn(bearers=["access-1"]),
    ),
    home=Home(auth_json="rewritten", auth=stored_tokens(1)),
    requests=ONCE,
)
MIXED = Expect(
    story=Story(
        read_2=Read(account={"type": "apiKey"}),
        status=Status(auth_method="apikey", auth_token="api-key-put-1"),
        turn_3=Turn(bearers=["api-key-put-1"], account_ids=[None]),
        look=File(auth_json="rewritten"),
    ),
    home=Home(auth_json="rewritten"),
    requests=ONCE,
)

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        story=[
            do.turn(),
            put,
            do.read(),
            do.turn(),
            do.read(refresh=True),
            do.status(),
            do.turn(),
            do.look(),
            do.stop(),
            do.turn(),
        ],
        expect=Expect(
            story=Story(
                status=Status(auth_token=running),
                turn_3=Turn(bearers=[running]),
                look=File(auth_json="absent" if name == "nothing" else "untouched"),
                turn_4=Turn(bearers=[restarted], account_ids=[account]),
            )
        ),
        deviations=[Deviation("<0.105.0", older, reason=BLIND)],
        reports=["openai/codex#42771"],
    )
    for name, put, running, restarted, account, older in [
        ("newer_tokens", do.put(NEWER), "access-put-1", "access-put-1", "workspace-1", REFRESHED),
        ("api_key", do.put(ApiKeyAuth()), "access-0", "api-key-put-1", None, MIXED),
        ("nothing", do.put(NoAuth()), "access-0", None, None, Expect(requests=ONCE)),
    ]
}
