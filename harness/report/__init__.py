"""Reported: what a person reads of it."""
