"""The documents that are written from what the modules declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from harness.catalogue.claims import Claim, claims_of
from harness.catalogue.language import language
from harness.declare.modules import Declared
from harness.declare.upstream import UpstreamTest
from harness.report.markdown import table

HEAD: Final = "<!-- Written by `nox -s docs` from what scenarios/ and harness/ say. -->"
FEW: Final = 8
"""So many variants are named; of more, only the first ones are."""


def documents(
    root: Path, declared: Sequence[Declared], tests: Sequence[UpstreamTest]
) -> Mapping[Path, str]:
    """Return the text of each document of the project at ``root``."""
    written = {
        "states.md": _states(root, declared),
        "upstream.md": _upstream(root, declared, tests),
        "reports.md": _reports(root, declared),
        "language.md": language(),
    }
    return {root / "docs" / name: _text(HEAD, *blocks) for name, blocks in written.items()}


def _states(root: Path, declared: Sequence[Declared]) -> Iterable[str]:
    modules = _by_module(declared)
    yield "# The states that are tried"
    yield f"{len(declared)} scenarios in {len(modules)} modules, by the folder of each."
    for folder, paths in groupby(sorted(modules), key=lambda path: path.parent):
        yield f"## `{folder.relative_to(root)}`"
        yield table(
            ("scenario", "state", "variants"),
            [
                (_link(root, path), _first_line(modules[path]), _variants(modules[path]))
                for path in paths
            ],
        )


def _reports(root: Path, declared: Sequence[Declared]) -> Iterable[str]:
    threads: dict[str, list[Declared]] = defaultdict(list)
    for one in declared:
        for thread in one.scenario.reports:
            threads[thread].append(one)
    modules = _by_module(declared)
    yield "# Where users met these states"
    yield f"Scenarios reproduce what {len(threads)} public threads report."
    for thread in sorted(threads, key=_number):
        repository, _, number = thread.partition("#")
        # GitHub leads from here to a pull request of that number, too.
        yield f"## [{thread}](https://github.com/{repository}/issues/{number})"
        yield "\n".join(
            f"- {_link(root, path)}{_only(many, modules[path])}: {_first_line(many)}"
            for path, many in _by_module(threads[thread]).items()
        )


def _upstream(
    root: Path, declared: Sequence[Declared], tests: Sequence[UpstreamTest]
) -> Iterable[str]:
    modules = _by_module(declared)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims_of(declared):
        claims[claim.test].append(claim)
    tried = [test for test in tests if test.drivable and test.name in claims]
    pending = [test for test in tests if test.drivable and test.name not in claims]
    partly = [test for test in tests if test.partly]
    out_of_reach = [test for test in tests if test.out_of_reach]
    sorts = (tried, pending, partly, out_of_reach)

    def tried_by(test: UpstreamTest) -> str:
        of_test = claims[test.name]
        return "<br>".join(
            f"{_link(root, path)}{_only(many, modules[path])}: "
            + ", ".join(dict.fromkeys(f"`{one.probe}`" for one in of_test if one.declared in many))
            for path, many in _by_module(claim.declared for claim in of_test).items()
        )

    yield "# What Codex's own tests say"
    yield (
        "[openai/codex](https://github.com/openai/codex) pins accounts and sign-in with "
        f"{len(tests)} test functions.\nScenarios check the same on released binaries for "
        f"{len(tried)} of them, and not yet for {len(pending)};\n"
        f"{len(partly)} show only in part from outside, {len(out_of_reach)} not at all."
    )
    names = ("tried", "not yet", "in part", "out of reach")
    rows = [
        (f"`{file}`", *(str(sum(test.file == file for test in sort)) for sort in (tests, *sorts)))
        for file in dict.fromkeys(test.file for test in tests)
    ]
    yield table(("file", "tests", *names), rows)
    yield "## Tried"
    yield from _by_file(
        tried, ("test", "from", "scenario and probe"), lambda test: (test.since, tried_by(test))
    )
    yield "## Not yet"
    yield from _by_file(pending, ("test", "from", "needs"), lambda test: (test.since, test.needs))
    yield "## In part"
    yield from _by_file(
        partly, ("test", "why", "scenario and probe"), lambda test: (test.partly, tried_by(test))
    )
    yield "## Out of reach"
    yield from _by_file(out_of_reach, ("test", "why"), lambda test: (test.out_of_reach,))


def _by_file(
    tests: Sequence[UpstreamTest],
    header: Sequence[str],
    cells: Callable[[UpstreamTest], Sequence[str]],
) -> Iterable[str]:
    """Return a heading and a table for each file; of no tests, a word that says so."""
    for file, many in groupby(tests, key=lambda test: test.file):
        yield f"### `{file}`"
        yield table(header, [(f"`{test.name}`", *cells(test)) for test in many])
    if not tests:
        yield "None."


def _by_module(declared: Iterable[Declared]) -> dict[Path, list[Declared]]:
    modules: dict[Path, list[Declared]] = defaultdict(list)
    for one in declared:
        if one not in modules[one.path]:
            modules[one.path].append(one)
    return modules


def _link(root: Path, path: Path) -> str:
    return f"[`{path.stem}`](../{path.relative_to(root).as_posix()})"


def _first_line(declared: Sequence[Declared]) -> str:
    return declared[0].description.partition("\n")[0]


def _only(some: Sequence[Declared], every: Sequence[Declared]) -> str:
    """Name the variants that are meant, where they are not all of the module."""
    return "" if len(some) == len(every) else f" ({_variants(some)})"


def _variants(declared: Sequence[Declared]) -> str:
    named = [f"`{one.variant}`" for one in declared if one.variant]
    more = len(named) - FEW
    return ", ".join(named[:FEW]) + (f" and {more} more" if more > 0 else "")


def _number(thread: str) -> tuple[str, int]:
    repository, _, number = thread.partition("#")
    return repository.lower(), int(number)


def _text(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"
