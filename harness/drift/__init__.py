"""Drift: what changed between releases, read from what was seen and not from verdicts."""
