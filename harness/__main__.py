"""The commands beside the runs: ``python -m harness COMMAND``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.version import Version

from harness.catalogue.commands import Catalogue
from harness.codex.binary import CodexNotFoundError
from harness.codex.releases import listed_releases
from harness.codex.store import Store
from harness.declare.modules import ModuleError
from harness.declare.releases import KNOWN, known_releases
from harness.drift.behaviour import DriftError
from harness.drift.commands import bisect, compare, history
from harness.drift.observe import observe
from harness.results import ResultsError
from harness.suite.stages import HarnessFault


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except (DriftError, ResultsError, ModuleError, HarnessFault, CodexNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codex-auth-scenarios", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("compare", help="say what two releases do differently")
    one.add_argument("old")
    one.add_argument("new")
    one.add_argument("pytest", nargs="*", help="modules, or other arguments of pytest, after --")
    one.set_defaults(run=_compare)

    one = commands.add_parser("bisect", help="find the first release that does something else")
    one.add_argument("scenario", help="a scenario, or one probe of it: expired::turn")
    one.add_argument("old")
    one.add_argument("new")
    one.set_defaults(run=_bisect)

    one = commands.add_parser("history", help="say where a scenario changed, release by release")
    one.add_argument("scenario", help="a scenario, or one probe of it: expired::turn")
    one.add_argument("releases", nargs="*", help="which; by default those that are downloaded")
    one.set_defaults(run=_history)

    one = commands.add_parser("observe", help="run a scenario and say what Codex does")
    one.add_argument("scenario", help="a scenario, or one probe of it: expired::turn")
    one.add_argument("--codex", default="pinned", help="as for the scenarios")
    one.add_argument("--json", action="store_true", help="say all that was seen, as JSON lines")
    one.set_defaults(run=_observe)

    one = commands.add_parser("known", help="list anew which releases of Codex there are")
    one.set_defaults(run=_known)

    one = commands.add_parser("docs", help="write the documents of what the scenarios declare")
    one.add_argument("--check", action="store_true", help="only say what is stale or unclaimed")
    one.set_defaults(run=_docs)

    one = commands.add_parser("cache", help="list the releases that are downloaded, or remove them")
    one.add_argument("--remove", nargs="+", metavar="RELEASE", help="remove these, or: all")
    one.set_defaults(run=_cache)
    return parser


def _compare(options: argparse.Namespace) -> None:
    compare(options.old, options.new, options.pytest, print)


def _bisect(options: argparse.Namespace) -> None:
    bisect(options.scenario, options.old, options.new, print)


def _history(options: argparse.Namespace) -> None:
    installed = [str(version) for version in Store().installed()]
    history(options.scenario, options.releases or installed, print)


def _observe(options: argparse.Namespace) -> None:
    for codex in _store().resolve([options.codex]):
        observe(options.scenario, codex, print, data=options.json)


def _known(_options: argparse.Namespace) -> None:
    before = known_releases()
    # One of the indexes may not have answered.
    now = sorted({*before, *listed_releases()})
    KNOWN.write_text("".join(f"{release}\n" for release in now), encoding="utf-8")
    new = ", ".join(str(release) for release in now if release not in before)
    print(f"{len(now)} releases of Codex, new: {new or 'none'}")


def _docs(options: argparse.Namespace) -> bool:
    catalogue = Catalogue(Path())
    wrong = catalogue.check() if options.check else catalogue.write()
    for line in wrong:
        print(line, file=sys.stderr)
    return bool(wrong)


def _store() -> Store:
    return Store(tell=lambda line: print(line, file=sys.stderr))


def _cache(options: argparse.Namespace) -> None:
    store = Store()
    if options.remove:
        every = options.remove == ["all"]
        wanted = store.installed() if every else [Version(one) for one in options.remove]
        for version in store.remove(wanted):
            print(f"removed {version}")
    for version, codex in store.installed().items():
        print(f"{version!s:<12}{codex.path.stat().st_size / 1e6:6.0f} MB  {codex.path}")


if __name__ == "__main__":
    raise SystemExit(main())
