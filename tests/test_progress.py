"""How far a run is, on a terminal and in a log."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from harness.report.progress import Progress
from harness.report.signs import ASCII, UNICODE
from harness.report.terminal import Live, Log

CELLS = [
    "scenarios/a/one.py::read",
    "scenarios/a/one.py::turn",
    "scenarios/b/two.py::read[x]",
    "scenarios/b/two.py::read[y]",
]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        """Begin at no time in particular."""
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """Return a clock that is set by hand."""
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    """Return the progress of a run of four cells of three scenarios."""
    progress = Progress(clock=clock)
    progress.expect(CELLS)
    return progress


def reporter(
    config: pytest.Config, *, terminal: bool
) -> tuple[pytest.TerminalReporter, io.StringIO]:
    """Return a reporter, and what it writes."""
    written = io.StringIO()
    written.isatty = lambda: terminal  # type: ignore[method-assign]
    made = pytest.TerminalReporter(config, written)
    made._tw.hasmarkup = False
    return made, written


def test_scenario_is_done_with_its_last_cell(progress: Progress) -> None:
    """Whatever is said twice; a test that is no cell counts for itself."""
    for nodeid in (CELLS[0], CELLS[0], CELLS[2]):
        progress.end(nodeid)
    assert (progress.done, progress.total, progress.share) == (1, 3, 0.5)

    progress.end(CELLS[1])
    progress.end("tests/other.py::test")
    assert (progress.done, progress.total, progress.share) == (2, 3, 0.75)


def test_end_is_foretold_from_what_is_done(progress: Progress, clock: Clock) -> None:
    """Not before there is something to go by."""
    progress.end(CELLS[0])
    clock.seconds += 1
    assert progress.seconds_left is None

    clock.seconds += 99
    assert progress.seconds_left == 300
    assert progress.line() == "0 of 3 scenarios, about 5:00 left"


def test_lines_name_what_takes_longest(progress: Progress, clock: Clock) -> None:
    """The bar, what is done and red, then the scenarios that are being judged, the oldest first."""
    progress.begin(CELLS[3])
    clock.seconds += 7
    progress.begin(CELLS[0])
    progress.end(CELLS[0])
    progress.begin(CELLS[1])
    progress.failed += 1

    assert progress.lines(ASCII, 80) == [
        "#####---------------  25%  0 of 3 scenarios, 1 not as expected, about 0:21 left",
        "two[y] 7 s, one 0 s",
    ]
    assert progress.lines(UNICODE, 20)[0] == "█████░░░░░░░░░░░░░░…"


def test_lines_tell_releases(clock: Clock) -> None:
    """How many are done, and how far those are that are not."""
    progress = Progress(several=True, clock=clock)
    cells = [f"scenarios/{name}.py::read[0.{minor}.0]" for minor in (1, 2) for name in "ab"]
    progress.expect([*cells, "scenarios/a.py::read[x@0.2.0]"])
    for nodeid in cells[:3]:
        progress.end(nodeid)

    assert progress.lines(ASCII, 80)[1] == "1 of 2 releases done  0.2.0: 1/3"


def test_terminal_is_drawn_over(
    progress: Progress, clock: Clock, pytestconfig: pytest.Config
) -> None:
    """The lines go up over those before; at the end nothing is left of them."""
    made, written = reporter(pytestconfig, terminal=True)
    live = Live(progress, made)
    progress.begin(CELLS[0])
    live._draw(progress.lines(UNICODE, 80))
    live._draw(progress.lines(UNICODE, 80))
    clock.seconds += 1
    live._draw(progress.lines(UNICODE, 80))
    live.end()

    _, first, second, last = written.getvalue().split("\r\x1b[J")
    assert first.endswith("0 of 3 scenarios\none 0 s\n\x1b[2A")
    assert second.endswith("0 of 3 scenarios\none 1 s\n\x1b[2A")
    assert last == ""


def test_log_gets_a_line_for_a_tenth(
    progress: Progress, clock: Clock, pytestconfig: pytest.Config
) -> None:
    """Not more often than every few seconds, but for the last; and nothing that draws over."""
    made, written = reporter(pytestconfig, terminal=False)
    log = Log(progress, made)
    for nodeid, seconds in zip(CELLS, (10, 1, 4, 1), strict=True):
        clock.seconds += seconds
        progress.end(nodeid)
        log.go_on()
    log.end()

    assert written.getvalue().splitlines() == [
        "[ 33%] 1 of 3 scenarios, about 0:11 left",
        "[100%] 3 of 3 scenarios",
    ]


@pytest.mark.parametrize("several", [["scenarios/a.py::read"], []])
def test_expectation_of_the_first_worker_counts(progress: Progress, several: Sequence[str]) -> None:
    """Each of them tells of all the cells there are."""
    progress.expect(several)

    assert progress.total == 3
