"""Signed in with an API key."""

from harness import ApiKeyAuth, Scenario

scenario = Scenario(auth=ApiKeyAuth("sk-scenario-api-key"))
