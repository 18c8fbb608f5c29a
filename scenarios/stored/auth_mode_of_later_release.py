"""auth.json names an auth_mode that came later, and holds nothing but tokens of ChatGPT.

A Codex that does not know the mode is signed out, one that knows it misses what belongs to it.
"""

from harness import SIGNED_IN, Deviation, Scenario, Unreadable, edited

UNKNOWN = "unknown variant `{0}`, expected one of {{modes}} at line 2 column {1}"
MODES = {
    "headers": ("<0.144.0", "externally provided auth cannot be loaded from auth storage."),
    "agentIdentity": (
        "<0.124.0",
        "agent identity auth is missing agent identity auth material.",
    ),
    "personalAccessToken": (
        "<0.138.0",
        "personal access token auth is missing a personal access token.",
    ),
    "bedrockApiKey": ("<0.140.0", "Bedrock API key auth is missing a Bedrock API key."),
    "bedrockAccessKeys": ("<0.150.0", "Bedrock access keys auth is missing AWS access keys."),
}
OTHER_WORDS = {
    "agentIdentity": [
        Deviation(
            releases,
            taken_for=Unreadable(f"agent identity auth is missing an agent identity {what}."),
            reason="what is missing has another name",
        )
        for releases, what in {
            ">=0.124.0,<0.128.0": "record",
            ">=0.128.0,<0.142.0": "token",
        }.items()
    ]
}

scenarios = {
    mode: Scenario(
        auth=edited(SIGNED_IN, auth_mode=mode),
        taken_for=Unreadable(fault, of="other"),
        stages=["session", "cli"],
        deviations=[
            Deviation(
                before,
                taken_for=Unreadable(UNKNOWN.format(mode, len(mode) + 17)),
                reason="the mode is not known yet",
            ),
            *OTHER_WORDS.get(mode, []),
        ],
    )
    for mode, (before, fault) in MODES.items()
}
