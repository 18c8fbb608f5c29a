"""A host signs in with tokens of its own, which Codex keeps in memory and nowhere else."""

from harness import Host, Scenario

scenario = Scenario(host=Host())
