"""Digests of files: what tells whether two machines have the same, or one has it still."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def digest_of(files: Mapping[str, Path]) -> str:
    """Return the digest of what ``files`` hold, and of what they are called."""
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def harness_files() -> Mapping[str, Path]:
    """Return the files of the harness itself, by their path in it."""
    root = Path(__file__).parent
    inside = (
        path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    return {f"harness/{path.relative_to(root)}": path for path in inside}
