"""``completion``: what a shell needs to complete commands, scenarios, probes and releases."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

VARIABLE: Final = "_CODEX_AUTH_SCENARIOS_COMPLETE"
"""By this variable in its environment, which click derives from its name, the script asks."""


COLONS: Final = "::"


@add_completion_class
class Bash(BashComplete):
    """Completion in bash, which takes ``expired::turn`` for three words.

    A colon ends a word there (``COMP_WORDBREAKS``), and only what follows it is replaced.
    """

    _typed: str = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is completed, and that one, whole again."""
        before, incomplete = super().get_completion_args()
        words: list[str] = []
        for word, follows in pairwise(["", *before, incomplete]):
            if COLONS in (word, follows) and words:
                words[-1] += follows
            else:
                words.append(follows)
        self._typed = "".join(words[-1].rpartition(COLONS)[:2])
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return what bash adds to what it takes for finished."""
        return f"{item.type},{item.value.removeprefix(self._typed)}"


@click.command(
    epilog="""\b
bash:  eval "$(codex-auth-scenarios completion bash)"
zsh:   eval "$(codex-auth-scenarios completion zsh)"
fish:  codex-auth-scenarios completion fish | source"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what completes commands, scenarios and releases in a shell."""
    root = context.find_root()
    kind: type[ShellComplete] | None = get_completion_class(shell)
    assert kind
    click.echo(kind(root.command, {}, str(root.info_name), VARIABLE).source())
