"""auth.json names an auth_mode that no Codex knows: it is signed out, whatever else stands there.

Modes are matched to the letter; other tools write "oauth", "api-key" and the like.
"""

from harness import SIGNED_IN, Scenario, Unreadable, edited

REPORTS = ["openai/codex#29383", "wannanbigpig/codex-accounts-manager#24", "elizaOS/eliza#24599"]
UNKNOWN = "unknown variant `{0}`, expected one of {{modes}} at line 2 column {1}"

scenarios = {
    mode: Scenario(
        auth=edited(SIGNED_IN, auth_mode=mode),
        taken_for=Unreadable(UNKNOWN.format(mode, len(mode) + 17)),
        stages=["session", "cli"],
        reports=REPORTS,
    )
    for mode in ("oauth", "api-key", "ApiKey", "Chatgpt")
} | {
    "number": Scenario(
        auth=edited(SIGNED_IN, auth_mode=5),
        taken_for=Unreadable("expected value at line 2 column 16", of="syntax"),
        stages=["session", "cli"],
    )
}
