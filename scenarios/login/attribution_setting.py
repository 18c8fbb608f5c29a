"""A setting of the workspace decides whether the model is told to name Codex in its commits.

``codex debug prompt-input`` shows what the model would be told.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Backend,
    Expect,
    Ran,
    Reply,
    Requests,
    Scenario,
    Story,
    do,
    matching,
)

SETTINGS = "GET /backend-api/wham/settings/user"
SHOW = do.run("debug", "prompt-input", "hello")

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(
        settings=[Reply(json={"commit_attribution_enabled": on}) for on in (True, False)]
    ),
    story=[SHOW, SHOW],
    applies=Applies(">=0.146.0", "the setting is not asked for before"),
    expect=Expect(
        story=Story(
            run=Ran(text=matching(r"<git_attribution>")),
            run_2=Ran(text=matching(r"\A(?![\s\S]*<git_attribution>)")),
        ),
        requests=Requests(counts={SETTINGS: 2}),
    ),
    upstream={"story": ["debug_prompt_input_follows_authenticated_attribution_setting"]},
)
