"""The rate limits cannot be had: their endpoint answers 500."""

from harness import SIGNED_IN, Backend, Expect, Limits, Reply, RpcError, Scenario

scenario = Scenario(
    auth=SIGNED_IN,
    stages=["session"],
    backend=Backend(usage=Reply(500, body="oops")),
    expect=Expect(
        limits=Limits(
            plan_type=None,
            used_percent=None,
            error=RpcError(
                -32603,
                "failed to fetch codex rate limits: GET http://backend/backend-api/wham/usage "
                "failed: 500 Internal Server Error; content-type=text/plain; body=oops",
            ),
        )
    ),
)
