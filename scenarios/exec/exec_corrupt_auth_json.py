"""auth.json is no JSON: codex exec runs signed out, while codex login status says what is wrong."""

from harness import Deviation, Expect, Ran, RawAuth, Requests, Scenario, Story, do

WRONG = "key must be a string at line 1 column 2"

scenario = Scenario(
    auth=RawAuth("{no json"),
    story=[do.exec(), do.run("login", "status")],
    expect=Expect(
        story=Story(run=Ran(exit_code=1, text=f"Error checking login status: {WRONG}")),
    ),
    upstream={"story": ["login_status_reports_auth_storage_errors"]},
    deviations=[
        Deviation(
            ">=0.169.0",
            Expect(
                story=Story(
                    run=Ran(
                        text="Error checking login status: "
                        f"failed to deserialize CLI auth from file: {WRONG}"
                    )
                )
            ),
            reason="it says what it was doing",
        ),
        Deviation(
            "<0.147.0",
            Expect(
                story=Story(exec=Ran(exit_code=1, text=WRONG, bearers=[], account_ids=[])),
                requests=Requests(counts={"POST /v1/responses": 0}),
            ),
            reason="codex exec stops at an auth.json that it cannot read",
        ),
    ],
)
