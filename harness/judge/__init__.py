"""Judged: what must be seen of a scenario, held against what was."""
