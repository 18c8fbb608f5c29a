"""What several commands take, and how a shell completes it: scenarios, probes, releases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

from harness.codex.store import Store
from harness.declare.modules import ModuleError, load_module, module_paths
from harness.declare.releases import known_releases
from harness.declare.states import own_scenarios

DIRECTORY: Final = "scenarios"


def directory() -> Path:
    """Return where scenarios are looked for: below the current directory, or else ours."""
    here = Path(DIRECTORY)
    return here if here.is_dir() else own_scenarios()


def complete_scenario(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the scenarios that begin so; behind ``::``, the probes of the one before it."""
    scenario, colons, _ = incomplete.partition("::")
    name, bracket, _ = scenario.partition("[")
    paths = [
        path
        for path in module_paths(directory())
        if (path.stem == name if bracket or colons else path.stem.startswith(name))
    ]
    named = dict(_named(paths, probes=bool(colons)))
    found = {text: told for text, told in named.items() if text.startswith(incomplete)}
    if len(found) == 1 and not colons:
        # A second one keeps the shell from ending the word.
        found |= {f"{text}::": "one of its probes" for text in found}
    return [CompletionItem(text, help=told) for text, told in found.items()]


def _named(paths: list[Path], *, probes: bool) -> Iterator[tuple[str, str]]:
    """Yield what can be asked for, each with what it is; variants once there is one module left."""
    for path in paths:
        try:
            several = load_module(path)
        except ModuleError as error:
            yield path.stem, str(error)
            continue
        told = several[0].description.partition("\n")[0]
        for one in several:
            for asked in dict.fromkeys((path.stem, one.id)):
                if probes:
                    yield from ((f"{asked}::{probe}", "") for probe in one.scenario.probes)
                elif asked == path.stem or len(paths) == 1:
                    yield asked, told


def complete_state(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the states that come with the harness and begin so; once one is left, its variants."""
    if incomplete.startswith((".", "/", "~")):
        return [CompletionItem(incomplete, type="file")]
    ours = own_scenarios()
    by_name = {
        name: path
        for path in module_paths(ours)
        for name in (path.stem, path.relative_to(ours).with_suffix("").as_posix())
        if name.startswith(incomplete.partition("[")[0])
    }
    if len({*by_name.values()}) > 1:
        return [CompletionItem(name) for name in by_name if name.startswith(incomplete)]
    return [
        CompletionItem(text, help=told)
        for name, path in by_name.items()
        for text, told in _variants(name, path)
        if text.startswith(incomplete)
    ]


def _variants(name: str, path: Path) -> Iterator[tuple[str, str]]:
    for one in load_module(path):
        variant = f"[{one.variant}]" if one.variant else ""
        yield name + variant, one.description.partition("\n")[0]


def complete_codex(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the words for ``--codex`` that begin so, those that are at hand first."""
    if incomplete.startswith((".", "/", "~")):
        return [CompletionItem(incomplete, type="file")]
    here = [str(release) for release in Store().installed()]
    told = {"pinned": "what the expectations were measured on", "latest": "the newest release"}
    told |= dict.fromkeys(reversed(here), "downloaded")
    told |= {str(one): "" for one in reversed(known_releases()) if str(one) not in told}
    return [
        CompletionItem(text, help=help_)
        for text, help_ in told.items()
        if text.startswith(incomplete)
    ]


def complete_installed(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the releases that are downloaded and begin so, and a word for all of them."""
    here = ["all", *map(str, Store().installed())]
    return [CompletionItem(text) for text in here if text.startswith(incomplete)]


scenario = click.argument("scenario", metavar="NAME[::PROBE]", shell_complete=complete_scenario)
"""A scenario, or one probe of it."""

old = click.argument("old", metavar="OLD", shell_complete=complete_codex)
new = click.argument("new", metavar="NEW", shell_complete=complete_codex)

codex = click.option(
    "--codex",
    metavar="CODEX",
    default="pinned",
    show_default=True,
    shell_complete=complete_codex,
    help="A release (0.156.0), a range ('>=0.150,<0.160'), latest, pinned, or a path.",
)


def say_aside(line: str) -> None:
    """Say what goes on, beside what a command prints."""
    click.echo(line, err=True)
