"""A refresh that is asked for is refused for good, in whatever way the refusal is written.

Codex then shows no account and gives away no token, although the one in the home is good for days:
the next turn still sends it.
"""

from harness import SIGNED_IN, Backend, Deviation, Expect, Refresh, Reply, Scenario, refuse

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
GOES_ON = Expect(refresh=Refresh(account=ACCOUNT, auth_token="access-0"))

SHOWN = Deviation(
    ">=0.117.0,<0.128.0",
    Expect(refresh=Refresh(account=ACCOUNT)),
    reason="the account is shown whatever became of its tokens",
)

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session", "refresh"],
        backend=Backend(token=answer),
        expect=Expect(
            refresh=Refresh(
                account=None,
                auth_token=None,
                counts={"POST /oauth/token": 1},
                refreshed_with=["refresh-0"],
            )
        ),
        deviations=[Deviation(releases, GOES_ON, reason="the failure is not remembered"), *also],
    )
    for name, answer, releases, also in (
        ("bad_request", refuse(400, "refresh_token_reused"), "<0.136.0", []),
        ("forbidden", refuse(403, "refresh_token_expired"), "<0.136.0", []),
        ("down", refuse(500, "refresh_token_invalidated"), "<0.136.0", []),
        ("flat", Reply(400, json={"error": "refresh_token_reused"}), "<0.136.0", []),
        (
            "upper_case",
            Reply(400, json={"error": {"code": "REFRESH_TOKEN_REUSED"}}),
            "<0.136.0",
            [],
        ),
        ("top_level", Reply(400, json={"code": "refresh_token_reused"}), "<0.136.0", []),
        ("invalid_grant", Reply(400, json={"error": "invalid_grant"}), "<0.149.0", []),
        ("invalid_grant_nested", refuse(400, "invalid_grant"), "<0.149.0", []),
        ("other_code", refuse(401, "token_expired"), "<0.117.0", [SHOWN]),
        ("no_code", Reply(401, json={}), "<0.117.0", [SHOWN]),
        ("no_json", Reply(401, body="no"), "<0.117.0", [SHOWN]),
    )
}
