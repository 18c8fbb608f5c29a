"""Workload identity is configured, and its file is not there: the command line says so."""

from harness import SIGNED_IN, Applies, Expect, Ran, Scenario, Story, do

scenario = Scenario(
    auth=SIGNED_IN,
    config="",
    env={
        "OPENAI_FEDERATION_RULE_ID": "rule-1",
        "OPENAI_IDENTITY_TOKEN_FILE": "/nonexistent/identity",
    },
    applies=Applies(">=0.148.0", "workload identity came with 0.148.0"),
    story=[do.run("login", "status")],
    upstream={"story": ["login_status_validates_configured_workload_identity"]},
    expect=Expect(
        story=Story(
            run=Ran(
                exit_code=1,
                text=(
                    "Error checking login status: could not read workload identity assertion file "
                    "/nonexistent/identity"
                ),
            )
        )
    ),
)
