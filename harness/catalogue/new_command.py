"""``new``: a module for a state, asked for or told, and what Codex does in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click
from click.shell_completion import CompletionItem

from harness import ApiKeyAuth, Backend, ChatGptAuth, Host, PersonalAccessToken, arguments
from harness.catalogue.new import ANSWERS, KINDS, Wanted, write
from harness.codex.binary import Codex, is_pinned
from harness.codex.store import Store
from harness.declare.chosen import Chosen
from harness.declare.modules import module_paths
from harness.drift.observe import say_surprises
from harness.report.update import corrections_of, update

FIELDS: Mapping[str, Sequence[str]] = {
    "signed-in": ChatGptAuth.changes(),
    "api-key": [one.name for one in attrs.fields(ApiKeyAuth)],
    "personal-access-token": [one.name for one in attrs.fields(PersonalAccessToken)],
    "none": [],
    "host": [one.name for one in attrs.fields(Host)],
}
ENDPOINTS: Sequence[str] = [one.name for one in attrs.fields(Backend)]


_Command = TypeVar("_Command", bound=Callable[..., Any])


def _completing(known: Callable[[click.Context], Iterable[str]]) -> Any:
    """Return what completes the name in ``NAME=VALUE``."""

    def complete(
        context: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        return [CompletionItem(f"{one}=") for one in known(context) if one.startswith(incomplete)]

    return complete


def _pairs(
    _context: click.Context, parameter: click.Parameter, texts: Iterable[str]
) -> Mapping[str, str]:
    """Return ``NAME=VALUE`` as pairs."""
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            message = f"{text!r} is no {parameter.metavar}"
            raise click.BadParameter(message)
        pairs[name.strip()] = value.strip()
    return pairs


def _many(
    option: str, name: str, metavar: str, help_: str, complete: Any = None
) -> Callable[[_Command], _Command]:
    return click.option(
        option,
        name,
        metavar=metavar,
        multiple=True,
        callback=_pairs,
        shell_complete=complete,
        help=help_,
    )


def _complete_folder(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the folders of scenarios, since the name is a new one."""
    directory = Path(arguments.DIRECTORY)
    folders = sorted({path.parent.relative_to(directory) for path in module_paths(directory)})
    return [
        CompletionItem(f"{one}/") for one in map(str, folders) if f"{one}/".startswith(incomplete)
    ]


@click.command(
    epilog="""\b
codex-auth-scenarios new backend/no_limits --answer usage=500 --set plan_type=team"""
)
@click.argument("name", metavar="FOLDER/NAME", shell_complete=_complete_folder)
@click.option("--say", "description", metavar="TEXT", help="What the state is, in a sentence.")
@click.option(
    "--auth",
    type=click.Choice([*KINDS]),
    default="signed-in",
    show_default=True,
    help="Who is signed in; host: an application that embeds Codex, with tokens of its own.",
)
@_many(
    "--set",
    "changes",
    "FIELD=VALUE",
    "A field of the sign-in that differs; VALUE is Python, or text: account_id=None.",
    _completing(lambda context: FIELDS[context.params.get("auth") or "signed-in"]),
)
@_many(
    "--answer",
    "answers",
    "ENDPOINT=ANSWER",
    f"How the backend answers: a status to refuse with, {', '.join(ANSWERS)}, or Python.",
    _completing(lambda _: ENDPOINTS),
)
@_many("--config", "config", "KEY=VALUE", "A key of config.toml, dotted; VALUE is TOML, or text.")
@_many("--env", "env", "NAME=VALUE", "An environment variable for Codex.")
@click.option("--expect", is_flag=True, help="Write what Codex did into the module, as expected.")
@arguments.codex
@click.pass_context
def new(context: click.Context, /, name: str, codex: str, *, expect: bool, **told: Any) -> None:
    """Write a module for a state, run it, and show what Codex did.

    Say what differs from a healthy sign-in. On a terminal, and without options, it is asked for.
    """
    if is_terminal() and not _is_told(context):
        told, expect = _asked(name)
    told["description"] = told["description"] or _sentence(name)
    (one,) = Store(tell=arguments.say_aside).resolve([codex])
    path = write(Path(arguments.DIRECTORY), name, Wanted(**told))
    click.echo(f"{path}:\n\n{path.read_text(encoding='utf-8')}")
    _try(path, one, expect=expect)
    click.echo(f"\nRun it again: nox -s scenario-{path.stem}; lay it out: nox -s format")


def is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def _is_told(context: click.Context) -> bool:
    """Whether anything was said of the state."""
    from_default = click.core.ParameterSource.DEFAULT
    return any(
        context.get_parameter_source(one) is not from_default
        for one in ("description", "auth", "changes", "answers", "config", "env")
    )


def _asked(name: str) -> tuple[dict[str, Any], bool]:
    """Ask a person what differs, and whether that is to be expected which Codex does."""
    description = click.prompt("The state, in a sentence", default=_sentence(name))
    auth = click.prompt("Who is signed in", type=click.Choice([*KINDS]), default="signed-in")
    told = {
        "description": description,
        "auth": auth,
        "changes": _asked_pairs("Its field that differs", FIELDS[auth], "account_id=None"),
        "answers": _asked_pairs("An endpoint and its answer", ENDPOINTS, "token=401"),
        "config": _asked_pairs("A key of config.toml", (), "forced_login_method=api"),
        "env": _asked_pairs("An environment variable", (), "CODEX_API_KEY=sk-another"),
    }
    return told, click.confirm("Write down what Codex does as what is expected?")


def _asked_pairs(what: str, known: Sequence[str], example: str) -> Mapping[str, str]:
    """Ask for ``NAME=VALUE`` until there is no more."""
    if known:
        click.echo(f"({', '.join(known)})")
    pairs: dict[str, str] = {}
    while text := click.prompt(f"{what}, as {example} (Enter: none)", "", show_default=False):
        name, equals, value = text.partition("=")
        if equals:
            pairs[name.strip()] = value.strip()
    return pairs


def _sentence(name: str) -> str:
    return f"{Path(name).stem.replace('_', ' ').capitalize()}."


def _try(path: Path, codex: Codex, *, expect: bool) -> None:
    """Run the module and say what Codex did; ``expect``: and write that down."""
    chosen = Chosen.parse(path.stem, Path(arguments.DIRECTORY))
    surprises = say_surprises(chosen, codex, click.echo)[path.stem]
    corrections = [
        one for probe, found in surprises.items() for one in corrections_of(probe, found)
    ]
    if expect and corrections:
        pinned = is_pinned(codex)
        done = update(path, {"": corrections}, codex.release, pinned=pinned)
        for line in (*done.diff(Path()), *done.left):
            click.echo(line)
