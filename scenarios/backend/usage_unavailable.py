"""The rate limits cannot be had: the error says which request failed, and how.

A 401 there refreshes no token, although one for a turn would.
"""

from harness import SIGNED_IN, Backend, Expect, Limits, Reply, RpcError, Scenario, drop, refuse

FAILED = "failed to fetch codex rate limits: "
USAGE = "http://backend/backend-api/wham/usage"

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        backend=Backend(usage=answer),
        expect=Expect(
            limits=Limits(
                plan_type=None, used_percent=None, error=RpcError(-32603, FAILED + message)
            )
        ),
        reports=reports,
    )
    for name, answer, message, reports in (
        (
            "unauthorized",
            refuse(401, "token_expired", "Expired."),
            (
                f"GET {USAGE} failed: 401 Unauthorized; content-type=application/json; "
                'body={"error": {"code": "token_expired", "message": "Expired."}}'
            ),
            ["vm0-ai/vm0#28773", "rjwalters/claude-monitor#102"],
        ),
        (
            "unknown",
            Reply(404, body="Not Found"),
            f"GET {USAGE} failed: 404 Not Found; content-type=text/plain; body=Not Found",
            ["router-for-me/CLIProxyAPI#2339"],
        ),
        (
            "no_json",
            Reply(body="<html>"),
            (
                f"Decode error for {USAGE}: expected value at line 1 column 1; "
                "content-type=text/plain; body=<html>"
            ),
            [],
        ),
        (
            "empty",
            Reply(json={}),
            (
                f"Decode error for {USAGE}: missing field `plan_type` at line 1 column 2; "
                "content-type=application/json; body={}"
            ),
            [],
        ),
        ("dropped", drop(), f"error sending request for url ({USAGE})", []),
    )
}
