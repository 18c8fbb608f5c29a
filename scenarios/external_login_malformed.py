"""A host signs in with what is no token: the login is refused, and leaves Codex signed out."""

from harness import Expect, Host, HostTokens, Login, NoAuth, RpcError, Scenario

NO_JWT = RpcError(-32603, "failed to set external auth: invalid ID token format")

scenarios = {
    variant: Scenario(
        host=Host(logins=login),
        taken_for=NoAuth(),
        expect=Expect(login=Login(messages=[refusal])),
    )
    for variant, login, refusal in (
        ("no_jwt", HostTokens(access_token="no-token-at-all"), NO_JWT),
        ("json_text", HostTokens(access_token='{"access_token": "x"}'), NO_JWT),
        ("empty", HostTokens(access_token=""), NO_JWT),
        (
            "no_access_token",
            {"type": "chatgptAuthTokens"},
            RpcError(-32600, "Invalid request: missing field `accessToken`"),
        ),
        (
            "no_account_id",
            {"type": "chatgptAuthTokens", "idToken": "a.b.c", "accessToken": "d.e.f"},
            RpcError(-32600, "Invalid request: missing field `chatgptAccountId`"),
        ),
    )
}
