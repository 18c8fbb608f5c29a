"""The home is copied; the copy lives on with tokens that the original has redeemed since.

Its refresh is refused for good, yet it sends its old token with the turn. The file of the original
brings it back without a restart; but where a token that is used twice spoils its whole family, the
copy has signed out the original.
"""

from harness import (
    SIGNED_IN,
    Backend,
    Deviation,
    Expect,
    File,
    Home,
    Requests,
    Scenario,
    Status,
    Story,
    do,
    rotating,
    stored_tokens,
)

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        backend=Backend(token=rotating(family=family)),
        story=[
            do.read(home="copy"),
            do.read(refresh=True),
            do.status(refresh=True, home="copy"),
            do.turn(home="copy"),
            do.keep("original"),
            do.restore("original", home="copy"),
            do.read(refresh=True, home="copy"),
            do.status(home="copy"),
            do.look(home="copy"),
            do.status(refresh=True),
        ],
        expect=Expect(
            story=Story(
                copy_status=Status(auth_token=None),
                copy_status_2=Status(auth_token="access-1"),
                copy_look=File(auth_json="untouched"),
                status=Status(auth_token=None if family else "access-2"),
            ),
            home=Home(auth_json="rewritten", auth=stored_tokens(1 if family else 2)),
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
                        copy_status=Status(auth_token="access-0"),
                        copy_status_2=Status(auth_token="access-0"),
                        status=Status(auth_token="access-1" if family else "access-2"),
                    ),
                    requests=Requests(
                        counts={"POST /oauth/token": 4},
                        refreshed_with=["refresh-0", "refresh-0", "refresh-0", "refresh-1"],
                    ),
                ),
                reason="a refresh does not look whether the file has changed",
            ),
            Deviation(
                ">=0.105.0,<0.117.0",
                Expect(
                    story=Story(
                        copy_status=Status(auth_token="access-0"),
                        status=Status(auth_token="access-1" if family else "access-2"),
                    )
                ),
                reason="no failure is remembered, and the token is shown all the same",
            ),
        ],
        reports=["stablyai/orca#5370", "sleep2agi/agent-network#1918"],
    )
    for name, family in {"rotating": False, "family": True}.items()
}
