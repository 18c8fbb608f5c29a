"""What there is: the states, Codex's own tests and the reports that they answer, as documents."""
