"""The id token expired long ago, and nothing else: Codex does not care."""

from harness import (
    SIGNED_IN,
    Backend,
    CliLogout,
    Expect,
    Limits,
    RawAuth,
    Refresh,
    Scenario,
    encode_jwt,
    grant,
)

IN_2100, IN_2020 = 4_102_444_800, 1_577_836_800

scenario = Scenario(
    auth=RawAuth(
        {
            "auth_mode": "chatgpt",
            "OPENAI_API_KEY": None,
            "tokens": {
                "id_token": encode_jwt({**SIGNED_IN.claims.payload(), "exp": IN_2020}),
                "access_token": encode_jwt({"exp": IN_2100}),
                "refresh_token": "refresh-token-of-the-home",
                "account_id": "workspace-1",
            },
            "last_refresh": "2099-01-01T00:00:00Z",
        }
    ),
    backend=Backend(workspaces=["workspace-1"], token=grant(claims=SIGNED_IN.claims)),
    taken_for=SIGNED_IN,
    expect=Expect(
        limits=Limits(plan_type="free"),
        refresh=Refresh(auth_json="rewritten"),
        cli_logout=CliLogout(revoked=["refresh-0"], counts={"POST /oauth/revoke": 1}),
    ),
    reports=["diegosouzapw/OmniRoute#6075"],
)
