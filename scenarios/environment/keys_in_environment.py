"""OPENAI_API_KEY, CODEX_API_KEY or CODEX_AGENT_IDENTITY is set: the app-server looks at auth.json.

Neither does ``codex login status`` look at them; only ``codex exec`` reads CODEX_API_KEY.
"""

from harness import SIGNED_IN, ApiKeyAuth, Auth, NoAuth, Scenario, encode_jwt

VARIABLES = {
    "OPENAI_API_KEY": "sk-environment-key",
    "CODEX_API_KEY": "sk-environment-key",
    "CODEX_AGENT_IDENTITY": encode_jwt({"iss": "x"}),
}
FILES: dict[str, Auth] = {"no_file": NoAuth(), "chatgpt": SIGNED_IN, "api_key": ApiKeyAuth()}

scenarios = {
    f"{variable}-{file}": Scenario(
        auth=auth,
        env={variable: value},
        stages=["session", "cli"],
        reports=["openai/codex#7323"] if "KEY" in variable else [],
    )
    for variable, value in VARIABLES.items()
    for file, auth in FILES.items()
}
