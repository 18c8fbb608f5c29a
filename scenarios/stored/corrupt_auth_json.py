"""An auth.json that no Codex can read: cut off, empty, of wrong types, with a broken id token.

The app-server says nothing of it and is signed out; only the command line names the fault. The file
is left alone until somebody logs out.
"""

from harness import CliStatus, Deviation, Expect, Logout, RawAuth, RpcError, Scenario

TOKENS = {"access_token": "an-access-token", "refresh_token": "a-refresh-token"}

FAULTS = {
    "truncated": (
        RawAuth('{"auth_mode": "chatgpt", "tok'),
        "EOF while parsing a string at line 1 column 29",
        "EOF while parsing a string at line 1 column 29",
    ),
    "empty": (
        RawAuth(""),
        "EOF while parsing a value at line 1 column 0",
        "EOF while parsing a value at line 1 column 0",
    ),
    "wrong-types": (
        RawAuth({"auth_mode": "chatgpt", "tokens": "none"}),
        'invalid type: string "none", expected struct TokenData at line 3 column 18',
        "invalid credential JSON (Data at line 3 column 18)",
    ),
    "malformed-id-token": (
        RawAuth({"auth_mode": "chatgpt", "tokens": {"id_token": "no-jwt", **TOKENS}}),
        "invalid ID token format at line 4 column 24",
        "invalid credential JSON (Data at line 4 column 24)",
    ),
}
SAYS = "Error checking login status: {}"
SAYS_MORE = "failed to deserialize CLI auth from file: {}"
NO_LOGOUT = "logout failed: failed to deserialize CLI auth from file: {}"

scenarios = {
    name: Scenario(
        auth=auth,
        expect=Expect(cli_status=CliStatus(text=SAYS.format(fault))),
        deviations=[
            Deviation(
                ">=0.169.0",
                Expect(
                    logout=Logout(
                        error=RpcError(-32603, NO_LOGOUT.format(short)),
                        notifications=[],
                        auth_json="untouched",
                    ),
                    cli_status=CliStatus(text=SAYS.format(SAYS_MORE.format(short))),
                ),
                reason="the app-server logs out of nothing that it cannot read",
            )
        ],
    )
    for name, (auth, fault, short) in FAULTS.items()
}
