"""Done: the probes that drive Codex, and the stages that run them. They record, and judge not."""
