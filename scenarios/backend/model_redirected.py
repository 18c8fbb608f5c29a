"""The model redirects, as a gateway does that wants a login: Codex follows, without a POST."""

from harness import SIGNED_IN, Backend, Expect, Reply, Requests, Scenario, Turn

scenario = Scenario(
    auth=SIGNED_IN,
    backend=Backend(responses=Reply(302, headers={"Location": "/login"})),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=(
                "unexpected status 404 Not Found: not served here, url: http://backend/v1/responses"
            ),
            kind={"httpConnectionFailed": {"httpStatusCode": 404}},
        ),
        requests=Requests(counts={"GET /login": 1}),
    ),
)
