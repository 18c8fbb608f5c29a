"""Whatever comes in, from Codex, from an author or from a file of results, comes to a plain end."""

from __future__ import annotations

import io
import json
import os
import threading
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from harness.codex import app_server
from harness.codex.app_server import AppServer
from harness.codex.command import plain_text
from harness.codex.output import Lines
from harness.codex.process import Ending
from harness.codex.protocol import Findings, Protocol
from harness.declare.modules import ModuleError, load_module
from harness.declare.releases import Range, known_releases
from harness.results import Results, ResultsError, header_of
from harness.seen.inert import CONTROL
from harness.seen.journal import Journal
from harness.seen.names import Names
from harness.suite import probes
from harness.world.host import HostApp
from harness.world.logins import Logins

QUICK = settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)
METHODS = st.sampled_from(
    ["account/updated", "account/login/completed", "turn/completed", "item/completed", "x"]
)
MESSAGES = (
    st.fixed_dictionaries({"id": st.integers(1, 4) | JSON, "result": JSON})
    | st.fixed_dictionaries({"id": st.integers(1, 4), "error": JSON})
    | st.fixed_dictionaries({"method": METHODS | JSON, "params": JSON})
    | JSON
)
LINES = MESSAGES.map(lambda message: json.dumps(message).encode()) | st.binary(max_size=40)


class Said:
    """A process that has said all that it will ever say, and hears nothing."""

    stderr = ""

    def __init__(self, *_: object, **__: object) -> None:
        """Say what is to be said."""
        self.stdin = io.BytesIO()
        reading, writing = os.pipe()
        self.stdout = os.fdopen(reading, "rb")
        threading.Thread(target=write_all, args=(writing, self.all)).start()

    all = b""

    def end(self, grace: float) -> Ending:
        """Have ended."""
        del grace
        return Ending(0, 0)


def write_all(descriptor: int, text: bytes) -> None:
    """Write into a pipe what it may not hold at once, unless nobody reads it."""
    with suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as pipe:
        pipe.write(text)


def server_that_says(monkeypatch: pytest.MonkeyPatch, said: bytes) -> AppServer:
    """Return a client of an app-server that says just this."""
    monkeypatch.setattr(Said, "all", said)
    monkeypatch.setattr(app_server, "Process", Said)
    return AppServer([], env={}, cwd=Path(), stderr=Path())


@given(lines=st.lists(LINES, max_size=8))
@example(lines=[b"\xff\xfe", b"", b"[]", b"x" * 1_000_000])
@example(lines=[b'{"id": 1, "result": {"thread": []}}', b'{"id": [1], "method": {"a": 1}}'])
@QUICK
def test_probes_record_whatever_codex_says(
    monkeypatch: pytest.MonkeyPatch, lines: list[bytes]
) -> None:
    """What is no answer is a record that says so, and never a fault of the harness."""
    said = b"\n".join(lines) + b"\n"
    names = Names()
    world: Any = SimpleNamespace(
        names=names,
        host=HostApp(None, names),
        logins=Logins(names),
        backend=SimpleNamespace(journal=Journal()),
    )

    for probe in (probes.start, probes.read, probes.status, probes.limits, probes.turn):
        with server_that_says(monkeypatch, said) as server:
            assert probe(server, world) is not None
    with server_that_says(monkeypatch, said) as server:
        assert probes.logout(server, world).account is not ...
        server.close()
        found = Protocol({"definitions": {"JSONRPCError": {}}}).check(server.transcript)
        assert isinstance(found, Findings)


@given(said=st.binary() | st.lists(LINES).map(b"\n".join), cuts=st.lists(st.integers(0, 100)))
@QUICK
def test_lines_are_the_same_however_they_come(said: bytes, cuts: list[int]) -> None:
    """In pieces of any size, and with a last line that has no end."""
    pieces, rest = [], said
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    lines = Lines()

    found = [line for piece in filter(None, [*pieces, rest]) for line in lines.cut(piece)]

    assert [*found, *lines.cut(b"")] == list(io.BytesIO(said))


@given(messages=st.lists(st.dictionaries(st.text(), JSON, max_size=3), max_size=6))
@QUICK
def test_lines_are_read_as_they_were_written(
    monkeypatch: pytest.MonkeyPatch, messages: list[Any]
) -> None:
    """However they are split or merged on their way: a line is a message."""
    said = b"".join(json.dumps(message).encode() + b"\n" for message in messages)

    with server_that_says(monkeypatch, said) as server:
        server.close()
        heard = [line.message for line in server.transcript if line.sender == "codex"]

    assert messages == heard


SOURCE = st.text(max_size=60) | st.sampled_from(
    ["scenario = 1", "raise SystemExit", "import nothing", "scenarios = {1: 2}", "'''x'''\nx = y"]
)


@given(source=SOURCE)
@example(source="'''x'''\nraise KeyboardInterrupt")
@example(source="\x00")
@QUICK
def test_module_is_scenarios_or_one_mistake(tmp_path: Path, source: str) -> None:
    """The mistake names the file."""
    path = tmp_path / "odd.py"
    path.write_text(source, encoding="utf-8", errors="surrogatepass")

    with pytest.raises((ModuleError, KeyboardInterrupt)) as raised:
        load_module(path)

    assert isinstance(raised.value, KeyboardInterrupt) or "odd.py" in str(raised.value)


VERSIONS = st.builds("{}.{}.{}".format, *[st.integers(0, 200)] * 3)


@given(
    text=st.text(max_size=20)
    | st.builds("{}{}".format, st.sampled_from([">=", "<", "=="]), VERSIONS)
)
@QUICK
def test_range_is_one_or_is_refused(text: str) -> None:
    """What is refused is refused with its own text."""
    try:
        said = str(Version("0.163.0") in Range(text))
    except ValueError as error:
        said = str(error)

    assert said in ("True", "False") or repr(text) in said


@given(low=st.sampled_from(known_releases()), high=st.sampled_from(known_releases()))
@QUICK
def test_range_holds_what_lies_between_its_ends(low: Version, high: Version) -> None:
    """From its lower end on, and not its upper end."""
    if low >= high:
        return
    held = Range(f">={low},<{high}")

    assert [one for one in known_releases() if low <= one < high] == [
        one for one in known_releases() if one in held
    ]


RESULTS = st.dictionaries(st.text(max_size=9), JSON, max_size=3).flatmap(
    lambda more: st.sampled_from(["cell", "stage", "scenario", "plan", "end", "x"]).map(
        lambda kind: json.dumps({**more, "type": kind}).encode()
    )
)


@given(lines=st.lists(RESULTS | LINES, max_size=4))
@example(lines=[b"[" * 100_000])
@example(lines=[b'{"type": "cell"}'])
@example(lines=[b'{"type": ["cell"], "more": 1}', b"{}"])
@example(lines=[b'{"type": "end"}'])
@QUICK
def test_results_are_read_or_refused(tmp_path: Path, lines: list[bytes]) -> None:
    """The refusal names the file, and nothing else is raised."""
    path, header = tmp_path / "run.jsonl", json.dumps(header_of(["0.163.0"])).encode()
    path.write_bytes(b"\n".join([header, *lines]) + b"\n")

    try:
        said = str(Results.read(path).header["releases"])
    except ResultsError as error:
        said = str(error)

    assert said == "['0.163.0']" or str(path) in said


def test_results_move_no_terminal(tmp_path: Path) -> None:
    """Whatever stands in a file: its control characters are shown, in names and in values."""
    path, header = tmp_path / "run.jsonl", header_of(["0.163.0\x1b[2J", "\x9b2J", "\x7f\r\b"])
    path.write_text(json.dumps({**header, "\x1b]0;t\x07": 1}) + "\n")

    read = json.dumps(Results.read(path).header, ensure_ascii=False)

    assert not CONTROL.search(json.loads(f'"{json.dumps(read)[1:-1]}"'))
    assert "0.163.0\N{REPLACEMENT CHARACTER}[2J" in read


@given(text=st.text())
@example(text="\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J")
@QUICK
def test_what_codex_prints_moves_no_terminal(text: str) -> None:
    """Colours are taken out, and whatever else a terminal would obey is shown."""
    assert not CONTROL.search(plain_text(text))
