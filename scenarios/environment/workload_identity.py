"""The environment speaks of workload identity, and is incomplete or cannot be used here.

Codex falls back on nothing: the app-server does not start, whatever lies in auth.json.
"""

from harness import SIGNED_IN, Applies, Auth, CliStatus, Expect, NoAuth, Scenario, Start

TOKEN_FILE = {"OPENAI_IDENTITY_TOKEN_FILE": "/nonexistent/identity"}
RULE = {"OPENAI_FEDERATION_RULE_ID": "rule-1"}
WITHOUT = {
    "rule": (TOKEN_FILE, "workload identity requires OPENAI_FEDERATION_RULE_ID"),
    "token_file": (RULE, "workload identity requires OPENAI_IDENTITY_TOKEN_FILE"),
    "production_backend": (
        TOKEN_FILE | RULE,
        "workload identity auth supports only trusted production and staging app routing",
    ),
}
FILES: dict[str, Auth] = {"no_file": NoAuth(), "over_chatgpt": SIGNED_IN}

scenarios = {
    f"without_{name}-{file}": Scenario(
        auth=auth,
        env=env,
        taken_for=NoAuth(),
        stages=["session", "cli"],
        applies=Applies(">=0.148.0", "workload identity came with 0.148.0"),
        expect=Expect(
            start=Start(
                outcome="died: Codex ended without an answer to initialize",
                stderr=f"Error: {fault}",
            ),
            cli_status=CliStatus(text=f"Error checking login status: {fault}"),
        ),
    )
    for name, (env, fault) in WITHOUT.items()
    for file, auth in FILES.items()
}
