"""auth.json holds a blank API key, which counts as one, before the tokens of ChatGPT beside it.

Where no auth_mode says otherwise, Codex is signed in with nothing and sends an empty bearer.
"""

from harness import (
    LEFT_OUT,
    SIGNED_IN,
    ApiKeyAuth,
    CliStatus,
    Deviation,
    Expect,
    Refresh,
    Scenario,
    Status,
    Turn,
    edited,
)

SAYS = "API key configured - ***\nAuthentication is checked when you send a request."
FILES = {
    "alone": edited(ApiKeyAuth(""), auth_mode=LEFT_OUT),
    "before-tokens": edited(SIGNED_IN, auth_mode=LEFT_OUT, OPENAI_API_KEY=""),
}

scenarios = {
    name: Scenario(
        auth=auth,
        taken_for=ApiKeyAuth(""),
        expect=Expect(
            status=Status(auth_method=None, auth_token=None),
            turn=Turn(bearers=[""]),
            refresh=Refresh(auth_method=None, auth_token=None),
            cli_status=CliStatus(text="Logged in using an API key - ***"),
        ),
        deviations=[
            Deviation(
                ">=0.164.0",
                Expect(cli_status=CliStatus(text=SAYS)),
                reason="nobody has tried the key",
            )
        ],
    )
    for name, auth in FILES.items()
}
