"""codex exec holds the workspace of the id token against the forced one, not that of auth.json.

The turn then goes by the account id of the file: where only that is another, nothing is deleted,
and the request to the model goes out without a bearer.
"""

from harness import Deviation, Expect, Home, Ran, Requests, Scenario, Story, do, signed_in

FORCED = {"forced_chatgpt_workspace_id": "workspace-1"}

scenarios = {
    "in-the-id-token-alone": Scenario(
        auth=signed_in(account_id=None), config=FORCED, story=[do.exec()]
    ),
    "right-in-the-id-token": Scenario(
        auth=signed_in(account_id="workspace-2"),
        config=FORCED,
        story=[do.exec()],
        expect=Expect(story=Story(exec=Ran(bearers=[None], account_ids=[None]))),
        deviations=[
            Deviation(
                "<0.147.0",
                Expect(
                    story=Story(exec=Ran(bearers=["access-0"], account_ids=["workspace-2"])),
                ),
                reason="stored credentials are not yet held against this policy a second time",
            )
        ],
    ),
} | {
    name: Scenario(
        auth=signed_in(chatgpt_account_id=claimed),
        config=FORCED,
        story=[do.exec()],
        expect=Expect(
            story=Story(
                exec=Ran(
                    exit_code=1,
                    text="Login is restricted to workspace(s) workspace-1, but current "
                    f"credentials {why}. Logging out.",
                    bearers=[],
                    account_ids=[],
                )
            ),
            home=Home(auth_json="removed", auth=None, layout=None, mode=None),
            requests=Requests(counts={"POST /v1/responses": 0}),
        ),
        deviations=[
            Deviation(
                "<0.131.0",
                Expect(
                    story=Story(
                        exec=Ran(
                            text="Login is restricted to workspace workspace-1, but current "
                            f"credentials {why}. Logging out."
                        )
                    )
                ),
                reason="only one workspace can be forced",
            )
        ],
    )
    for name, claimed, why in [
        ("right-in-the-file-alone", None, "lack a workspace identifier"),
        ("wrong-in-the-id-token", "workspace-2", "belong to workspace-2"),
    ]
}
