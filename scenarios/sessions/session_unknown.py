"""A client asks a Codex that is too old for sessions: it says what it could be asked."""

from harness import SIGNED_IN, Applies, Called, Expect, RpcError, Scenario, Story, do, matching

scenario = Scenario(
    auth=SIGNED_IN,
    story=[do.call("accountSession/list", {"refreshWorkspaceMetadata": False}), do.read()],
    applies=Applies("<0.166.0", "sessions came with 0.166.0"),
    expect=Expect(
        story=Story(
            call=Called(
                result=None,
                error=RpcError(
                    -32600,
                    matching(r"^Invalid request: unknown variant `accountSession/list`, expected"),
                ),
            )
        )
    ),
    reports=["rjwalters/claude-monitor#102"],
)
