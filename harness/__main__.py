"""The command-line program: ``codex-auth-scenarios COMMAND``, or ``python -m harness COMMAND``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Final

import click

from harness.completion import VARIABLE
from harness.errors import PlainError

NAME: Final = "codex-auth-scenarios"

MISUSED: Final = 2
INTERRUPTED: Final = 130

SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "States": {
        "new": "harness.catalogue.new_command:new",
        "explain": "harness.catalogue.commands:explain",
        "observe": "harness.drift.commands:observe",
        "report": "harness.report.page.commands:report",
    },
    "Your client": {
        "run": "harness.client.commands:run",
        "serve": "harness.client.commands:serve",
        "check": "harness.client.commands:check",
        "materialize": "harness.client.commands:materialize",
    },
    "Releases": {
        "compare": "harness.drift.commands:compare",
        "bisect": "harness.drift.commands:bisect",
        "history": "harness.drift.commands:history",
        "changes": "harness.drift.commands:changes",
        "cache": "harness.codex.commands:cache",
        "known": "harness.codex.commands:known",
    },
    "Many machines": {
        "merge": "harness.shards.commands:merge",
        "durations": "harness.shards.commands:durations",
    },
    "Project": {
        "docs": "harness.catalogue.commands:docs",
        "sharing": "harness.drift.commands:sharing",
        "soak": "harness.drift.commands:soak",
        "completion": "harness.completion:completion",
    },
}
"""Where each command is, as the help lists them."""

COMMANDS: Final = {name: where for section in SECTIONS.values() for name, where in section.items()}


class Commands(click.Group):
    """Imports a command when it is asked for, so that a shell need not wait for all of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return their names."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; ``None`` for an option, which click refuses itself.

        Raises:
            NoSuchCommand: there is none of this name.
        """
        if cmd_name not in COMMANDS:
            if cmd_name.startswith("-"):
                return None
            raise click.NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section."""
        for section, names in SECTIONS.items():
            commands = {name: self.get_command(ctx, name) for name in names}
            rows = [(name, one.get_short_help_str(200)) for name, one in commands.items() if one]
            with formatter.section(section):
                formatter.write_dl(rows)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="The scenarios themselves are run by: nox -s scenarios",
)
@click.version_option(version(NAME), message=f"{NAME} %(version)s")
def program() -> None:
    """Every auth state of OpenAI Codex, tried on the real binary."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, by default that of this process; return the exit code.

    It is 0, or what the command says of itself; 2 for what could not be done, for which a line on
    standard error says why; 130 after Ctrl-C.
    """
    try:
        said = program.main(arguments, prog_name=NAME, complete_var=VARIABLE, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else NAME
        text = error.format_message()
        _say(f"{text}{'' if text.endswith(('.', '?', ')')) else '.'} See: {command} --help")
    except click.ClickException as error:
        _say(error.format_message())
    except PlainError as error:
        _say(str(error))
    except click.Abort:
        return INTERRUPTED
    else:
        return int(said or 0)
    return MISUSED


def _say(text: str) -> None:
    click.echo(f"error: {text}", err=True)


if __name__ == "__main__":
    sys.exit(main())
