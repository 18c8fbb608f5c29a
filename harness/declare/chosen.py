"""What a person names on a command line: ``expired``, ``expired_refresh_dead[reused]::turn``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import frozen

from harness.declare.modules import Declared, closest, find_module, load_module
from harness.errors import PlainError


@frozen
class Chosen:
    """Scenarios of one module, and one of their probes.

    Args:
        scenarios: the variants that are meant; without a variant, all of the module.
        probe: the probe; ``""``: all of them.
    """

    scenarios: Sequence[Declared]
    probe: str

    @classmethod
    def parse(cls, text: str, directory: Path) -> Chosen:
        """Return what ``text`` names among the modules in ``directory``.

        Raises:
            PlainError: there is no such module, variant or probe; the message names the nearest.
            ModuleError: the module cannot be loaded.
        """
        scenario, _, probe = text.partition("::")
        name, bracket, variant = scenario.partition("[")
        declared = load_module(find_module(directory, Path(name).name.removesuffix(".py")))
        variants = {one.variant: one for one in declared}
        if bracket:
            _refuse_unknown("variant", variant.removesuffix("]"), variants, declared[0].name)
            declared = [variants[variant.removesuffix("]")]]
        probes = dict.fromkeys(probe for one in declared for probe in one.scenario.probes)
        if probe:
            _refuse_unknown("probe", probe, probes, scenario)
        return cls([one for one in declared if not probe or probe in one.scenario.probes], probe)


def _refuse_unknown(what: str, name: str, known: Iterable[str], of: str) -> None:
    if name not in known:
        there = ", ".join(filter(None, known)) or "none"
        message = f"{of} has no {what} {name!r}; it has {there}{closest(name, known)}"
        raise PlainError(message)
