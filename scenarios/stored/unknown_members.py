"""auth.json holds members that Codex does not know: it does not mind, and loses them at a refresh.

Tools keep notes of their own in the file, and wonder.
"""

from harness import SIGNED_IN, ApiKeyAuth, Scenario, edited

NOTES = {"email": "someone@example.com", "label": {"color": 5}}

scenarios = {
    "tokens": Scenario(auth=edited(SIGNED_IN, tokens={"expires_at": 1_900_000_000}, **NOTES)),
    "key": Scenario(auth=edited(ApiKeyAuth(), **NOTES)),
}
