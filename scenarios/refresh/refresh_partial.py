"""A refresh grants some of the tokens only: Codex keeps the others, and calls it a success."""

from harness import SIGNED_IN, Backend, Expect, Refresh, Reply, Scenario, grant

COUNTS = {"POST /oauth/token": 1, "GET /backend-api/wham/accounts/check": 2}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session", "refresh"],
        backend=Backend(token=answer),
        expect=Expect(
            refresh=Refresh(
                auth_token=f"access-{access}",
                auth_json="rewritten",
                auth={
                    "tokens": {
                        "id_token": f"id-{identity}",
                        "access_token": f"access-{access}",
                        "refresh_token": f"refresh-{refresh}",
                    }
                },
                counts=COUNTS,
                refreshed_with=["refresh-0"],
            )
        ),
        upstream=upstream,
    )
    for name, answer, access, refresh, identity, upstream in (
        ("nothing", Reply(json={}), 0, 0, 0, {}),
        ("only_access", grant(refresh_token=False, id_token=False), 1, 0, 0, {}),
        ("only_refresh", grant(access_token=False, id_token=False), 0, 1, 0, {}),
        ("only_id", grant(access_token=False, refresh_token=False), 0, 0, 1, {}),
        (
            "no_id",
            grant(id_token=False),
            1,
            1,
            0,
            {
                "refresh": [
                    "refresh_token_succeeds_updates_storage",
                    "refresh_token_refreshes_when_auth_is_unchanged",
                    "refresh_without_id_token",
                ]
            },
        ),
    )
}
