"""config.toml forces other workspaces than the one signed in: codex exec deletes auth.json.

It says why once; the next run knows only that nobody is signed in.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Deviation,
    Expect,
    Home,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
)

CURRENT = "but current credentials belong to workspace-1. Logging out."
GONE = Home(auth_json="removed", auth=None, layout=None, mode=None)
REFUSED = {"exit_code": 1, "bearers": [], "account_ids": []}

scenarios = {
    "another": Scenario(
        auth=SIGNED_IN,
        config={"forced_chatgpt_workspace_id": "workspace-2"},
        story=[do.exec(), do.exec(), do.run("login", "status")],
        expect=Expect(
            story=Story(
                exec=Ran(
                    text=f"Login is restricted to workspace(s) workspace-2, {CURRENT}", **REFUSED
                ),
                exec_2=Ran(bearers=[None], account_ids=[None]),
                run=Ran(exit_code=1, text="Not logged in"),
            ),
            home=GONE,
            requests=Requests(counts={"POST /v1/responses": 1}),
        ),
        upstream={"story": ["enforce_login_restrictions_logs_out_for_workspace_mismatch"]},
        deviations=[
            Deviation(
                "<0.131.0",
                Expect(
                    story=Story(
                        exec=Ran(text=f"Login is restricted to workspace workspace-2, {CURRENT}")
                    )
                ),
                reason="only one workspace can be forced",
            )
        ],
    ),
    "not-in-the-list": Scenario(
        auth=SIGNED_IN,
        config={"forced_chatgpt_workspace_id": ["workspace-2", "workspace-3"]},
        story=[do.exec()],
        expect=Expect(
            story=Story(
                exec=Ran(
                    text=f"Login is restricted to workspace(s) workspace-2, workspace-3, {CURRENT}",
                    **REFUSED,
                )
            ),
            home=GONE,
            requests=Requests(counts={"POST /v1/responses": 0}),
        ),
        upstream={"story": ["enforce_login_restrictions_logs_out_for_workspace_mismatch"]},
        applies=Applies(">=0.131.0", "a list of workspaces is new"),
    ),
}
