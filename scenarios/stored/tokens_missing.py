"""auth.json is an empty object, or a sign-in with ChatGPT without its tokens.

Both count as signed in with ChatGPT: ``codex login status`` says so, ``account/read`` fails, and
the turn goes out without a bearer. So does a credential of a kind that came later.
"""

from harness import Applies, NoTokens, RawAuth, Scenario

KNOWN_LATER = "later releases know such a credential"
PERSONAL = {"personal_access_token": "at-scenario-token"}
BEDROCK = {"bedrock_api_key": {"api_key": "bedrock-scenario-key", "region": "us-east-1"}}
FILES = {
    "empty-object": {},
    "null": {"auth_mode": "chatgpt", "tokens": None},
    "null-access-token": {"personal_access_token": None},
}
LATER = {
    "personal-access-token": (PERSONAL, Applies("<0.138.0", KNOWN_LATER)),
    "bedrock-key": (BEDROCK, Applies("<0.140.0", KNOWN_LATER)),
}

scenarios = {
    name: Scenario(auth=RawAuth(contents), taken_for=NoTokens()) for name, contents in FILES.items()
} | {
    name: Scenario(
        auth=RawAuth(contents), taken_for=NoTokens(), stages=["session", "cli"], applies=not_yet
    )
    for name, (contents, not_yet) in LATER.items()
}
