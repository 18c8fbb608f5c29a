"""``check``: what releases of Codex make of somebody's ``auth.json``, tried on a copy.

The fake OpenAI answers as the real one would whose tokens these are: a refresh token that is there
is good; an access token that is none of the real one's, or has expired, is refused until it has
been refreshed. Whether a token has been revoked, only the real one knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from harness.client.copied import Copied
from harness.codex.binary import Codex
from harness.reaper import Run
from harness.seen.journal import Journal
from harness.suite.probes import RESPONSES
from harness.suite.stages import STAGES, Prepared, observe

AT_ONCE: Final = 2
"""How many releases are tried side by side."""

TRIED: Final = ("session", "cli")
"""The stages that say what a release makes of a sign-in."""

SHORTENED: Final = re.compile(r"\S*\*{3}\S*")
"""How ``codex login status`` shows an API key, whose ends are the user's."""


@frozen(kw_only=True)
class Finding:
    """What a release makes of the file, without a token of the user.

    Args:
        accepted: whether it is signed in, and the model gets its turn.
        told: what it makes of it, by what that is about.
    """

    accepted: bool
    told: Mapping[str, str]


def check(copied: Copied, codexes: Sequence[Codex]) -> Mapping[str, Finding]:
    """Return what each Codex makes of a copy, by its version, in their order.

    Raises:
        HarnessFault: the fake backend failed.
    """
    with Run() as run, ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda codex: _finding(copied, codex, run.directory), codexes)
        return dict(zip((codex.version for codex in codexes), found, strict=True))


def ranges(findings: Mapping[str, Finding]) -> Mapping[str, Finding]:
    """Return what stretches of releases make of it, ``0.94.0 to 0.147.0``, in their order."""
    stretches: list[list[str]] = []
    for release, finding in findings.items():
        if stretches and findings[stretches[-1][-1]] == finding:
            stretches[-1].append(release)
        else:
            stretches.append([release])
    return {" to ".join(dict.fromkeys((one[0], one[-1]))): findings[one[0]] for one in stretches}


def table(findings: Mapping[str, Finding]) -> Sequence[str]:
    """Return a table: a block for each stretch of releases that make the same of it."""
    lines = [f"tried on {', '.join(findings)}"]
    for releases, finding in ranges(findings).items():
        lines.append(f"{releases}: {'accepted' if finding.accepted else 'NOT ACCEPTED'}")
        lines += [f"  {about:<15}{text}" for about, text in finding.told.items()]
    return lines


def _finding(copied: Copied, codex: Codex, root: Path) -> Finding:
    stages = [stage for stage in STAGES if stage.name in TRIED]
    seen = [observe(one, copied.scenario, codex, Prepared(), root=root) for one in stages]
    records: dict[str, Any] = {name: one for stage in seen for name, one in stage.records.items()}
    status, turn = records["cli_status"], records["turn"]
    told = {
        "signed in": _signed_in(records),
        "login status": f"{_first_line(status.text) or 'nothing'} (exit {status.exit_code})",
        "before a turn": _before_a_turn(seen[0].evidence.journal),
        "first turn": _first_turn(turn),
        "files": ", ".join([f"auth.json {records['home'].auth_json}", *records["home"].appeared]),
    }
    names = copied.secrets()
    return Finding(
        accepted=bool(records["read"].account) and turn.outcome == "completed",
        told={about: SHORTENED.sub("***", names.redact(text)) for about, text in told.items()},
    )


def _signed_in(records: Mapping[str, Any]) -> str:
    """Return as what a release is signed in, or why it is not."""
    read = records["read"]
    if read.error:
        return f"no: {_text(read.error)}"
    if not read.account:
        return "no"
    plan = f", plan {read.account['planType']}" if read.account.get("planType") else ""
    return f"{read.account.get('type')}{plan}"


def _before_a_turn(journal: Journal) -> str:
    turns = [number for number, one in enumerate(journal) if one.endpoint == RESPONSES]
    before = journal[: turns[0]] if turns else journal
    return (
        "the tokens are refreshed" if before.refreshed_with else "the tokens are used as they are"
    )


def _first_turn(turn: Any) -> str:
    """Return what the model was sent, and how it ended."""
    sent = ", then ".join(
        f"{bearer or 'no token'} {'with' if account else 'without'} an account"
        for bearer, account in zip(turn.bearers, turn.account_ids, strict=True)
    )
    why = f": {turn.message}" if turn.message else ""
    return f"{turn.outcome}{why}; sent {sent or 'nothing'}"


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _text(error: Any) -> str:
    return str(getattr(error, "message", error))
