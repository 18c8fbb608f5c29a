"""auth.json is an empty object, or a sign-in with ChatGPT without its tokens.

Both count as signed in with ChatGPT: ``codex login status`` says so, ``account/read`` fails, and
the turn goes out without a bearer.
"""

from harness import NoTokens, RawAuth, Scenario

FILES = {
    "empty-object": {},
    "null": {"auth_mode": "chatgpt", "tokens": None},
    "null-access-token": {"personal_access_token": None},
}

scenarios = {
    name: Scenario(auth=RawAuth(contents), taken_for=NoTokens()) for name, contents in FILES.items()
}
