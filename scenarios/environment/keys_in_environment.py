"""OPENAI_API_KEY, CODEX_API_KEY or CODEX_AGENT_IDENTITY is set: the app-server looks at auth.json.

Neither does ``codex login status`` look at them; only ``codex exec`` reads CODEX_API_KEY. One
release alone reads CODEX_AGENT_IDENTITY: the next one calls it CODEX_ACCESS_TOKEN.
"""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Auth,
    CliLogout,
    CliStatus,
    Deviation,
    Expect,
    NoAuth,
    Scenario,
    encode_jwt,
)

VARIABLES = {
    "OPENAI_API_KEY": "sk-environment-key",
    "CODEX_API_KEY": "sk-environment-key",
    "CODEX_AGENT_IDENTITY": encode_jwt({"iss": "x"}),
}
UNREADABLE = "Error checking login status: agent identity JWT payload is not valid JSON"
IN_ONE_RELEASE = Deviation(
    "==0.128.0",
    Expect(
        cli_status=CliStatus(exit_code=1, text=UNREADABLE),
        cli_logout=CliLogout(revoked=[], counts={"POST /oauth/revoke": 0}),
    ),
    taken_for=NoAuth(),
    reason="the variable is read, and comes before any file",
)
FILES: dict[str, Auth] = {"no_file": NoAuth(), "chatgpt": SIGNED_IN, "api_key": ApiKeyAuth()}

scenarios = {
    f"{variable}-{file}": Scenario(
        auth=auth,
        env={variable: value},
        stages=["session", "cli"],
        deviations=[IN_ONE_RELEASE] if "IDENTITY" in variable else [],
        reports=["openai/codex#7323"] if "KEY" in variable else [],
    )
    for variable, value in VARIABLES.items()
    for file, auth in FILES.items()
}
