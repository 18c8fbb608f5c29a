"""Seen: observations as data, with tokens by name."""
