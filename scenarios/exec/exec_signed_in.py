"""codex exec runs a turn with what auth.json holds: a ChatGPT sign-in, an API key, or nothing.

Without a sign-in it does not ask for one: the request to the model goes out without a bearer.
"""

from harness import SIGNED_IN, ApiKeyAuth, Auth, NoAuth, Scenario, do

STATES: dict[str, Auth] = {"chatgpt": SIGNED_IN, "api-key": ApiKeyAuth(), "none": NoAuth()}

scenarios = {
    name: Scenario(auth=auth, story=[do.exec(), do.exec()]) for name, auth in STATES.items()
}
