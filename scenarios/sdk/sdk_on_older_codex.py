"""The Python SDK of 0.163.0 meets a Codex that is older than it understands.

The account it can still read, from 0.100.0 on; it fails at the thread, before any turn, with an
error of its own that says nothing of versions.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Deviation,
    Expect,
    Requests,
    Scenario,
    Story,
    Used,
    do,
    either,
    matching,
)

scenario = Scenario(
    auth=SIGNED_IN,
    story=[do.sdk()],
    expect=Expect(
        story=Story(
            sdk=Used(
                outcome="ValidationError",
                message=matching(r"^ThreadStartResponse: .*thread\.sessionId: Field required"),
                bearers=[],
                account_ids=[],
            )
        ),
        requests=Requests(counts={"POST /v1/responses": 0}),
    ),
    applies=Applies("<0.129.0", "the SDK understands it"),
    deviations=[
        Deviation(
            "<0.100.0",
            Expect(
                story=Story(
                    sdk=Used(
                        account=None,
                        outcome=either("TransportClosedError", "BrokenPipeError"),
                        message=either("Codex process closed stdout.", "[Errno 32] Broken pipe"),
                    )
                )
            ),
            reason="codex app-server does not know the option --listen yet, and ends as the SDK "
            "writes to it or reads from it",
        ),
        Deviation(
            ">=0.115.0,<0.124.0",
            Expect(
                story=Story(
                    sdk=Used(
                        outcome="InvalidRequestError",
                        message="JSON-RPC error -32600: Invalid request: unknown variant "
                        "`auto_review`, expected `user` or `guardian_subagent`",
                    )
                )
            ),
            reason="the reviewer of approvals that the SDK asks for has another name yet",
        ),
    ],
)
