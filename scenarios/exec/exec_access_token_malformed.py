"""CODEX_ACCESS_TOKEN holds no token: codex exec runs signed out, over a good sign-in, silently."""

from harness import (
    SIGNED_IN,
    Applies,
    Auth,
    Deviation,
    Expect,
    NoAuth,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
)

ENVIRONMENTS = "Agent Identity only supports production and staging ChatGPT environments"
STATES: dict[str, Auth] = {"over-chatgpt": SIGNED_IN, "alone": NoAuth()}

scenarios = {
    name: Scenario(
        auth=auth,
        env={"CODEX_ACCESS_TOKEN": "neither-this-nor-that"},
        story=[do.exec()],
        expect=Expect(story=Story(exec=Ran(bearers=[None], account_ids=[None]))),
        applies=Applies(">=0.129.0", "CODEX_ACCESS_TOKEN is new"),
        deviations=[
            Deviation(
                releases,
                Expect(
                    story=Story(exec=Ran(exit_code=1, text=text, bearers=[], account_ids=[])),
                    requests=Requests(counts={"POST /v1/responses": 0}),
                ),
                reason="codex exec stops at a token that it cannot use",
            )
            for releases, text in [
                ("<0.142.0", "invalid agent identity JWT format"),
                (">=0.142.0,<0.147.0", ENVIRONMENTS),
            ]
        ],
    )
    for name, auth in STATES.items()
}
