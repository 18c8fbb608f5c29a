"""The host answers the request for new tokens with something else: the turn fails, for once."""

from harness import (
    Asked,
    Backend,
    Expect,
    Host,
    HostTokens,
    NextTurn,
    Requests,
    Scenario,
    Turn,
    unauthorized,
    until_refreshed,
)

INVALID_TOKEN = "auth refresh returned invalid credentials"
INVALID_ANSWER = "invalid auth refresh response"
OWN = "a result of its own"

scenarios = {
    variant: Scenario(
        host=Host(refreshes=[answer]),
        backend=Backend(responses=until_refreshed(unauthorized())),
        expect=Expect(
            turn=Turn(outcome="failed", message=message, kind="other", host=[asked]),
            next_turn=NextTurn(
                bearers=["host-0", again.answer],
                account_ids=["workspace-1", "workspace-1"],
                host=[again],
            ),
            requests=Requests(counts={"POST /v1/responses": 3}, host=[asked, again]),
        ),
    )
    for variant, answer, message, said, then in (
        ("no_jwt", HostTokens(access_token="no-token-at-all"), INVALID_TOKEN, "host-1", "host-2"),
        ("json_text", HostTokens(access_token='{"token": "x"}'), INVALID_TOKEN, "host-1", "host-2"),
        ("empty", HostTokens(access_token=""), INVALID_TOKEN, "host-1", "host-2"),
        ("no_tokens", {"tokens": None}, INVALID_ANSWER, OWN, "host-1"),
        ("no_account_id", {"accessToken": "x"}, INVALID_ANSWER, OWN, "host-1"),
    )
    for asked, again in [[Asked("unauthorized", "workspace-1", one) for one in (said, then)]]
}
