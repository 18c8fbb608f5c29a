"""No token of a fixture gets out of a run, whatever the Codex under test does with it."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

from mutants import Message, Mutant, write, write_mutant
from running import run_suite, write_scenarios

from harness.codex.binary import pinned_codex

TOKEN = "canary-" + "0123456789-abcdefghij-" * 4
MODULE = f'''"""A sign-in whose token would be known anywhere."""
from harness import Scenario, signed_in
scenario = Scenario(auth=signed_in(access_token="{TOKEN}"))
'''


class Babbles(Mutant):
    """Says the token wherever it can: as an error, unasked, in a log, whole, cut and encoded."""

    def said(self, message: Message) -> Message:
        """Say it in a notification, and as a name."""
        write({"method": "account/babble", "params": {TOKEN: TOKEN, "cut": TOKEN[:60]}})
        return message

    def ended(self, exit_code: int) -> int:
        """Print it."""
        encoded = base64.b64encode(TOKEN.encode()).decode()
        sys.stderr.write(f"{TOKEN}\n{TOKEN[5:70]}\n{encoded}\n{TOKEN.encode().hex()}\n")
        (self.home / TOKEN).write_text(TOKEN)
        return exit_code


def test_token_is_in_nothing_that_a_run_tells(tmp_path: Path) -> None:
    """Neither in the terminal nor in the results nor in JUnit's XML; the places are named."""
    directory = write_scenarios(tmp_path / "project", {"canary": MODULE})
    codex = write_mutant(tmp_path / "codex", Babbles, pinned_codex())
    results, junit = tmp_path / "run.jsonl", tmp_path / "junit.xml"

    outcome = run_suite(
        *("-n", "0", "--codex", codex, f"--results={results}", f"--junitxml={junit}", "scenarios"),
        cwd=directory,
    )

    told = f"{outcome.text}\n{results.read_text()}\n{junit.read_text()}"
    parts = [TOKEN[start : start + 20] for start in range(0, len(TOKEN) - 20, 20)]
    written = [base64.b64encode(TOKEN.encode()).decode()[:40], TOKEN.encode().hex()[:40]]
    assert [part for part in [*parts, *written] if part in told] == []
    assert "access-0 in account/babble" in told
    assert "access-0 in stderr-0" in told
