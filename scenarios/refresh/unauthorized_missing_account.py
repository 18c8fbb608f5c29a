"""The model refuses the token, and Codex knows no account id to refresh it for.

The turn fails at once with advice to sign in again, as after a change of accounts.
"""

from harness import Backend, Expect, Scenario, Turn, signed_in, unauthorized

scenario = Scenario(
    auth=signed_in(account_id=None, chatgpt_account_id=None),
    backend=Backend(responses=unauthorized()),
    expect=Expect(
        turn=Turn(
            outcome="failed",
            message=(
                "Your access token could not be refreshed because you have since logged out or "
                "signed in to another account. Please sign in again."
            ),
            kind="unauthorized",
        )
    ),
)
