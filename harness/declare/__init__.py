"""Declared: what a scenario is. Data only; nothing in it runs."""
