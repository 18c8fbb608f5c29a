"""A host signs in without having asked for the experimental API: it is refused."""

from harness import Applies, Expect, Host, Login, NoAuth, RpcError, Scenario

REFUSAL = RpcError(
    -32600, "account/login/start.chatgptAuthTokens requires experimentalApi capability"
)

scenario = Scenario(
    host=Host(experimental_api=False),
    applies=Applies(">=0.99.0", "external auth was no part of the experimental API before 0.99.0"),
    taken_for=NoAuth(),
    expect=Expect(login=Login(messages=[REFUSAL])),
)
