"""A host signs in with what is no token: the login is refused, and leaves Codex signed out."""

from harness import Deviation, Expect, Host, HostTokens, Login, NoAuth, RpcError, Scenario

NO_JWT = RpcError(-32603, "failed to set external auth: invalid ID token format")
REPORTS = {"no_account_id": ["openai/codex#11240", "swarajbachu/zuse#542"]}
NO_ID_TOKEN = RpcError(-32600, "invalid id token: invalid ID token format")

scenarios = {
    variant: Scenario(
        host=Host(logins=login),
        stages=["session"],
        taken_for=NoAuth(),
        expect=Expect(login=Login(messages=[refusal])),
        reports=REPORTS.get(variant, []),
        deviations=[
            Deviation(
                "<0.99.0",
                Expect(login=Login(messages=[before])),
                reason="the host still passes an id token, which is looked at first",
            )
        ],
    )
    for variant, login, refusal, before in (
        ("no_jwt", HostTokens(access_token="no-token-at-all"), NO_JWT, NO_ID_TOKEN),
        ("json_text", HostTokens(access_token='{"access_token": "x"}'), NO_JWT, NO_ID_TOKEN),
        ("empty", HostTokens(access_token=""), NO_JWT, NO_ID_TOKEN),
        (
            "no_access_token",
            {"type": "chatgptAuthTokens"},
            RpcError(-32600, "Invalid request: missing field `accessToken`"),
            RpcError(-32600, "Invalid request: missing field `idToken`"),
        ),
        (
            "no_account_id",
            {"type": "chatgptAuthTokens", "idToken": "a.b.c", "accessToken": "d.e.f"},
            RpcError(-32600, "Invalid request: missing field `chatgptAccountId`"),
            RpcError(-32600, "invalid id token: Invalid input length: 1"),
        ),
    )
}
