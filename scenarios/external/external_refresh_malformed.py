"""The host answers the request for new tokens with something else: the turn fails, for once."""

from harness import (
    Asked,
    Backend,
    Deviation,
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

NO_TOKEN = "auth refresh returned invalid credentials"
NO_ANSWER = "invalid auth refresh response"
FORMAT = "invalid ID token format"
NO_FIELDS = tuple(f"missing field `{name}`" for name in ("accessToken", "idToken"))
NO_ACCOUNT = tuple(f"missing field `{name}`" for name in ("chatgptAccountId", "idToken"))
TOKENS = ("host-1", "host-2")
OWN = ("a result of its own", "host-1")

scenarios = {
    variant: Scenario(
        host=Host(refreshes=[answer]),
        stages=["session"],
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
        upstream={"turn": ["external_auth_refresh_invalid_access_token_fails_turn"]}
        if variant == "no_jwt"
        else {},
        deviations=[
            Deviation(
                releases,
                Expect(turn=Turn(message=text)),
                reason="the turn names the fault, which may hold a part of the answer",
            )
            for releases, text in {">=0.99.0,<0.150.0": newer, "<0.99.0": oldest}.items()
        ],
    )
    for variant, answer, message, (newer, oldest), said, then in (
        ("no_jwt", HostTokens(access_token="no-jwt"), NO_TOKEN, (FORMAT, FORMAT), *TOKENS),
        ("json_text", HostTokens(access_token='{"token": 1}'), NO_TOKEN, (FORMAT, FORMAT), *TOKENS),
        ("empty", HostTokens(access_token=""), NO_TOKEN, (FORMAT, FORMAT), *TOKENS),
        ("no_tokens", {"tokens": None}, NO_ANSWER, NO_FIELDS, *OWN),
        ("no_account_id", {"accessToken": "x"}, NO_ANSWER, NO_ACCOUNT, *OWN),
    )
    for asked, again in [[Asked("unauthorized", "workspace-1", one) for one in (said, then)]]
}
