"""The subject: the Codex binary, its processes, and a client for its app-server."""
