"""auth.json holds a personal access token, as ``codex login --with-access-token`` stores it.

Codex shows the account as one of ChatGPT and gives the token to nobody who asks for it.
"""

from harness import Applies, PersonalAccessToken, Scenario

scenario = Scenario(
    auth=PersonalAccessToken(),
    applies=Applies(">=0.138.0", "personal access tokens came with 0.138.0"),
    reports=["icoretech/codex-pooler#21", "decolua/9router#2985"],
)
