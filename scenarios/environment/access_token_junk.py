"""CODEX_ACCESS_TOKEN holds what is neither a personal access token nor a signed agent identity.

Codex falls back on nothing: the good sign-in in auth.json is ignored, not removed. Only the command
line says why. A blank value counts as none.
"""

from harness import (
    SIGNED_IN,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    Logout,
    NoAuth,
    RpcError,
    Scenario,
    encode_jwt,
)

JUNK = {
    "garbage": ("garbage", *["invalid agent identity JWT format"] * 2),
    "unsigned": (
        encode_jwt({"iss": "x"}),
        "agent identity JWT payload is not valid JSON",
        "invalid credential JSON (Data at line 1 column 11)",
    ),
}
STATUS = "Error checking login status: {}"
ENVIRONMENTS = "Agent Identity only supports production and staging ChatGPT environments"
DECODE = "failed to decode agent identity JWT: {}"

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        env={"CODEX_ACCESS_TOKEN": token},
        taken_for=NoAuth(),
        expect=Expect(cli_status=CliStatus(text=STATUS.format(fault))),
        deviations=[
            Deviation(
                "<0.129.0",
                Expect(cli_status=CliStatus(text="Logged in using ChatGPT")),
                taken_for=SIGNED_IN,
                reason="the variable does not exist yet",
            ),
            Deviation(
                ">=0.129.0,<0.140.0",
                Expect(cli_logout=CliLogout(revoked=[], counts={"POST /oauth/revoke": 0})),
                reason="a logout on the command line revokes the sign-in of the environment only",
            ),
            Deviation(
                ">=0.142.0,<0.147.0",
                Expect(cli_status=CliStatus(text=STATUS.format(ENVIRONMENTS))),
                reason="where an agent may be used is looked at before its token",
            ),
            Deviation(
                ">=0.169.0",
                Expect(
                    logout=Logout(
                        error=RpcError(-32603, f"logout failed: {DECODE.format(newer)}"),
                        notifications=[],
                        auth_json="untouched",
                    ),
                    cli_status=CliStatus(text=STATUS.format(DECODE.format(newer))),
                ),
                reason="the app-server logs out of nothing that it cannot read",
            ),
        ],
    )
    for name, (token, fault, newer) in JUNK.items()
} | {
    name: Scenario(auth=SIGNED_IN, env={"CODEX_ACCESS_TOKEN": token})
    for name, token in [("empty", ""), ("blank", " ")]
}
