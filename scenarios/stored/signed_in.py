"""Signed in with ChatGPT, everything in order.

The id token names a user, without whom Codex (0.160.0 on) takes a refresh for a change of owner.
"""

from harness import SIGNED_IN, Scenario

scenario = Scenario(auth=SIGNED_IN)
