"""``run``: any command in a state, and what came of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from typing import Final

from harness.client.report import told, told_verdict
from harness.client.state import CodexState
from harness.client.verdict import refuse_story
from harness.codex.binary import Codex
from harness.declare.modules import Declared
from harness.errors import PlainError
from harness.reaper import Run
from harness.world.network import leave_network

OTHERWISE: Final = 1
"""The exit code where the command ended with 0, but not all is as the state expects it."""

BY_SIGNAL: Final = 128
"""What a shell adds to the number of the signal that ended a command."""

Say = Callable[[str], None]


class NotRunError(PlainError):
    """A command that could not be started; the message says why."""


def run(
    declared: Declared, words: Sequence[str], codex: Codex | None, say: Say, *, expect: bool
) -> int:
    """Run a command in a state, to its end, and say what came of it.

    Args:
        declared: the state.
        words: the command; its standard streams are those of this process.
        codex: whose release decides what is expected.
        say: takes what is said, line by line.
        expect: whether to hold the state's expectations against it.

    Returns:
        The exit code of the command, as a shell gives it; ``OTHERWISE`` where it is 0, but
        something is not as expected.

    Raises:
        NotRunError: the command cannot be started.
        NotExpectableError: the state has no expectations that hold for a client.
        ConfinementError: as for the state.
    """
    if expect:
        refuse_story(declared)
    leave_network()
    with (
        Run() as ours,
        CodexState(declared, codex, root=ours.directory) as state,
    ):
        exit_code = _exit_code(state, words)
        say(f"--- {words[0]} ended with {exit_code} ---")
        for line in told(state):
            say(line)
        wrong = told_verdict(state) if expect else []
        if expect:
            say("not as expected:" if wrong else "all is as expected")
        for line in wrong:
            say(f"  {line}")
    return exit_code or (OTHERWISE if wrong else 0)


def _exit_code(state: CodexState, words: Sequence[str]) -> int:
    try:
        process = subprocess.Popen([*state.launcher, *words], env=dict(state.env))
    except OSError as error:
        message = f"{words[0]} cannot be run: {error.strerror}"
        raise NotRunError(message) from error
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # which the command has got as well, and answers as it likes
        return code if code >= 0 else BY_SIGNAL - code
