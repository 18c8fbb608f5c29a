"""A switcher puts an older auth.json of the same account back under a running app-server.

Asked to refresh, Codex takes the older tokens for newer ones; asked again, it redeems what is spent
and is refused for good. The right file brings it back, unless the whole family is spoiled.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    Turn,
    do,
    grant,
    refuse,
    rotating,
    stored_tokens,
)

INVALIDATED = Backend(token=[grant(), refuse(401, "refresh_token_invalidated")])
INVALID_GRANT = Backend(token=[grant(), refuse(400, "invalid_grant")])

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=backend,
        story=[
            do.keep("old"),
            do.status(refresh=True),
            do.keep("new"),
            do.restore("old"),
            do.status(refresh=True),
            do.status(refresh=True),
            do.turn(),
            do.restore("new"),
            do.status(refresh=True),
            do.status(refresh=True),
        ],
        expect=Expect(
            story=Story(
                status=Status(auth_token="access-1"),
                status_3=Status(auth_token=None),
                status_4=Status(auth_token="access-1"),
                status_5=Status(auth_token=None if name == "family" else "access-2"),
            ),
            home=Home(auth_json="untouched", auth=stored_tokens(1))
            if name == "family"
            else Home(auth_json="rewritten", auth=stored_tokens(2)),
            requests=Requests(
                counts={"POST /oauth/token": 3},
                refreshed_with=["refresh-0", "refresh-0", "refresh-1"],
            ),
        ),
        deviations=[
            Deviation(
                "<0.105.0",
                Expect(
                    story=Story(
                        status_2=Status(auth_token=f"access-{first}"),
                        status_3=Status(auth_token=f"access-{first + 1}"),
                        turn=Turn(bearers=[f"access-{first + 1}"]),
                        status_4=Status(auth_token=f"access-{first + 2}"),
                        status_5=Status(auth_token=f"access-{first + 3}"),
                    ),
                    home=Home(auth_json="rewritten", auth=stored_tokens(first + 3)),
                    requests=Requests(
                        counts={"POST /oauth/token": 5},
                        refreshed_with=[f"refresh-{serial}" for serial in redeemed],
                    ),
                ),
                reason="a refresh does not look at the file, and so spoils nothing",
            ),
            Deviation(
                f">=0.105.0,<{final}",
                Expect(
                    story=Story(
                        status_3=Status(auth_token="access-0"),
                        status_5=Status(auth_token="access-1" if name == "family" else "access-2"),
                    )
                ),
                reason="no failure is remembered, and the token is shown all the same",
            ),
        ],
        reports=["Lampese/codex-switcher#127", "170-carry/codex-tools#180"],
    )
    for name, backend, final, first, redeemed in [
        ("reused", Backend(token=rotating()), "0.117.0", 2, [0, 1, 2, 3, 4]),
        ("family", Backend(token=rotating(family=True)), "0.117.0", 2, [0, 1, 2, 3, 4]),
        ("invalidated", INVALIDATED, "0.117.0", 1, [0, 1, 1, 2, 3]),
        ("invalid_grant", INVALID_GRANT, "0.149.0", 1, [0, 1, 1, 2, 3]),
    ]
}
