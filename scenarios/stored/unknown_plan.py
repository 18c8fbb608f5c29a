"""The id token names a plan that this Codex has never heard of: it becomes "unknown"."""

from harness import Deviation, Expect, Limits, RpcError, Scenario, matching, signed_in

scenario = Scenario(
    auth=signed_in(plan_type="galactic"),
    deviations=[
        Deviation(
            "<0.118.0",
            Expect(
                limits=Limits(
                    plan_type=None,
                    used_percent=None,
                    error=RpcError(-32603, matching("unknown variant `galactic`")),
                )
            ),
            reason="rate limits cannot be read for a plan that Codex does not know",
        )
    ],
)
