"""A refresh that is asked for fails in a way that may pass: all stays as it is.

``account/read`` says nothing of the failure, and Codex would try again.
"""

from harness import SIGNED_IN, Backend, Deviation, Expect, Refresh, Reply, Scenario, drop, refuse

FOLLOWED = Deviation(
    "<0.157.0",
    Expect(refresh=Refresh(counts={"POST /elsewhere": 1})),
    reason="the refresh token is sent to wherever the endpoint redirects",
)

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session", "refresh"],
        backend=Backend(token=answer),
        expect=Expect(
            refresh=Refresh(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"])
        ),
        deviations=[FOLLOWED] if name == "redirected" else [],
        upstream=upstream,
        reports=reports,
    )
    for name, answer, upstream, reports in (
        (
            "down",
            Reply(500, body="oops"),
            {"refresh": ["refresh_token_returns_transient_error_on_server_failure"]},
            [],
        ),
        ("too_many", refuse(429, "rate_limit_exceeded"), {}, ["PostHog/posthog#97543"]),
        ("forbidden", refuse(403, "forbidden"), {}, []),
        ("unknown_code", refuse(400, "something_else"), {}, ["openai/codex#27351"]),
        ("app_session_expired", refuse(400, "app_session_expired"), {}, ["openai/codex#27351"]),
        ("no_json", Reply(body="<html>Sign in</html>"), {}, []),
        ("wrong_types", Reply(json={"access_token": 1}), {}, []),
        ("broken_id_token", Reply(json={"id_token": "no JWT", "access_token": "new"}), {}, []),
        ("dropped", drop(), {}, []),
        ("redirected", Reply(307, headers={"Location": "/elsewhere"}), {}, []),
    )
}
