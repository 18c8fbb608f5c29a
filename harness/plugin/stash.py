"""What the plugin keeps with the configuration of pytest for as long as the run goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from harness.codex.binary import Codex
from harness.reaper import Run
from harness.shards.plugin import ShardPlugin
from harness.suite.runner import Runner

RUN: Final = pytest.StashKey[Run]()
RUNNER: Final = pytest.StashKey[Runner]()
CODEXES: Final = pytest.StashKey[Sequence[Codex]]()
SHARDS: Final = pytest.StashKey[ShardPlugin]()
