"""The states for any other project: lent to a client, looked after, and held against it."""
