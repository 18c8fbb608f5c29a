"""Materialised: a scenario as a temporary codex home, an environment and a fake backend."""
