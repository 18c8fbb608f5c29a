"""The model refuses the request, or breaks off: the turn fails, and the sign-in stays as it is."""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Reply,
    Scenario,
    Turn,
    drop,
    matching,
    refuse,
)

URL = "url: http://backend/v1/responses"
CREATED = 'event: response.created\ndata: {"type": "response.created", "response": {"id": "r"}}\n\n'
CUT = "stream disconnected before completion: stream closed before response.completed"

DEVIATIONS = {
    "wrong_workspace": [
        Deviation(
            "<0.95.0",
            Expect(turn=Turn(message=matching("^unexpected status 403 Forbidden: {"))),
            reason="the answer is repeated as it is",
        )
    ],
    "dropped": [
        Deviation(
            "<0.156.0",
            Expect(turn=Turn(message=matching("error sending request for url"))),
            reason="the message names the address",
        )
    ],
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        backend=Backend(responses=answer),
        expect=Expect(turn=Turn(outcome="failed", message=message, kind=kind)),
        deviations=DEVIATIONS.get(name, []),
        reports=reports,
    )
    for name, answer, message, kind, reports in (
        (
            "wrong_workspace",
            refuse(403, "invalid_workspace_selected", "Invalid workspace selected"),
            f"unexpected status 403 Forbidden: Invalid workspace selected, {URL}",
            {"httpConnectionFailed": {"httpStatusCode": 403}},
            ["openai/codex#24495", "openai/codex#24349"],
        ),
        (
            "deactivated_workspace",
            Reply(402, json={"detail": {"code": "deactivated_workspace"}}),
            (
                'unexpected status 402 Payment Required: {"detail": {"code": '
                f'"deactivated_workspace"}}}}, {URL}'
            ),
            {"httpConnectionFailed": {"httpStatusCode": 402}},
            ["openai/codex#20168"],
        ),
        (
            "ip_restricted",
            Reply(403, json={"detail": "Your IP is not allowed"}),
            f'unexpected status 403 Forbidden: {{"detail": "Your IP is not allowed"}}, {URL}',
            {"httpConnectionFailed": {"httpStatusCode": 403}},
            [],
        ),
        (
            "old_client",
            Reply(400, json={"detail": "Please upgrade your client"}),
            '{"detail": "Please upgrade your client"}',
            "other",
            [],
        ),
        (
            "too_many",
            refuse(429, "rate_limit_exceeded", "Slow down"),
            "exceeded retry limit, last status: 429 Too Many Requests",
            {"responseTooManyFailedAttempts": {"httpStatusCode": 429}},
            [],
        ),
        (
            "down",
            Reply(503, body="oops"),
            f"unexpected status 503 Service Unavailable: oops, {URL}",
            {"httpConnectionFailed": {"httpStatusCode": 503}},
            [],
        ),
        ("no_stream", Reply(body="<html>Sign in</html>"), CUT, "other", []),
        (
            "cut",
            Reply(body=CREATED, headers={"Content-Type": "text/event-stream"}),
            CUT,
            "other",
            [],
        ),
        (
            "dropped",
            drop(),
            "stream disconnected before completion: error sending request",
            "other",
            [],
        ),
    )
}
