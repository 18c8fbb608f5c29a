"""auth.json has tokens but no last_refresh, as in files made by hand.

``account/read`` shows the account; ``getAuthStatus`` knows of no sign-in, and the turn goes out
without a bearer.
"""

from harness import Expect, Scenario, Status, Turn, signed_in

scenario = Scenario(
    auth=signed_in(last_refresh=None),
    expect=Expect(status=Status(auth_method=None, auth_token=None), turn=Turn(bearers=[None])),
)
