"""Which shard of a run this machine runs, as ``--shard`` or the variables of a CI system say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from attrs import frozen

from harness.errors import PlainError

AUTO: Final = "auto"


class ShardError(PlainError):
    """A shard that cannot be told; the message says what was said and what to say."""


@frozen
class Shard:
    """One of the parts that a run is split into.

    Args:
        index: which, from 1.
        total: of how many.
    """

    index: int
    total: int

    def __str__(self) -> str:
        """Show it as ``--shard`` takes it."""
        return f"{self.index}/{self.total}"

    @classmethod
    def parse(cls, word: str, environ: Mapping[str, str]) -> Self:
        """Return the shard that ``word`` means.

        Args:
            word: ``2/5``, or ``auto`` for what the variables of the CI system say, which is the
                whole where there are none.
            environ: those variables.

        Raises:
            ShardError: there is no such shard, or the variables do not tell.
        """
        if word == AUTO:
            return cls(*_told(environ))
        found = re.fullmatch(r"(\d+)/(\d+)", word)
        if found is None:
            message = f"--shard {word} is no shard; write 2/5, or auto"
            raise ShardError(message)
        return cls(*_checked(int(found[1]), int(found[2]), f"--shard {word}"))


WHOLE: Final = Shard(1, 1)
"""The only shard of a run that is not split."""


@frozen
class Variables:
    """The variables in which a CI system tells a machine its shard.

    Args:
        system: its name.
        index, total: their names.
        first: the index of the first shard.
    """

    system: str
    index: str
    total: str
    first: int

    def told(self, environ: Mapping[str, str]) -> tuple[int, int] | None:
        """Return index, from 1, and total as ``environ`` has them; ``None``: nothing is split.

        Raises:
            ShardError: there is one without the other, or they are no numbers.
        """
        index, total = environ.get(self.index), environ.get(self.total)
        # GitLab sets the total alone for a job that is not split.
        if index is None and total in (None, "1"):
            return None
        if index is None or total is None:
            there, lacking = (self.total, self.index) if index is None else (self.index, self.total)
            message = f"--shard auto: {there} is set ({self.system}), {lacking} is not; set both"
            raise ShardError(message)
        where = f"--shard auto: {self.index}={index}, {self.total}={total}"
        if not (index.isdecimal() and total.isdecimal()):
            message = f"{where}: these are no numbers"
            raise ShardError(message)
        return _checked(int(index) - self.first + 1, int(total), where)


GITLAB: Final = Variables("GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", first=1)
CIRCLECI: Final = Variables("CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", first=0)
BUILDKITE: Final = Variables(
    "Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", first=0
)
BAZEL: Final = Variables("Bazel", "TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", first=0)
KUBERNETES: Final = Variables("Kubernetes", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", first=0)
"""Kubernetes itself sets the index alone; the job has to set the total."""

SYSTEMS: Final = (GITLAB, CIRCLECI, BUILDKITE, BAZEL, KUBERNETES)
BAZEL_STATUS: Final = "TEST_SHARD_STATUS_FILE"
"""The file that a test has to touch, or Bazel takes it for one that cannot be split."""


def _told(environ: Mapping[str, str]) -> tuple[int, int]:
    told = {one: said for one in SYSTEMS if (said := one.told(environ))}
    if len(set(told.values())) > 1:
        systems = " and ".join(one.system for one in told)
        message = f"--shard auto: the variables of {systems} contradict each other; write 2/5"
        raise ShardError(message)
    if BAZEL in told and BAZEL_STATUS in environ:
        Path(environ[BAZEL_STATUS]).touch()
    return next(iter(told.values()), (WHOLE.index, WHOLE.total))


def _checked(index: int, total: int, where: str) -> tuple[int, int]:
    if not 1 <= index <= total:
        message = f"{where}: there is no shard {index} of {total}"
        raise ShardError(message)
    return index, total
