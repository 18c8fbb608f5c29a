"""A run on many machines: which of them runs what, and the whole that their results make."""
