"""No auth.json at all: signed out."""

from harness import NoAuth, Scenario

scenario = Scenario(auth=NoAuth())
