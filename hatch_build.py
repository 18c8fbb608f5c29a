"""What goes into the wheel beside the packages: the scenarios."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Scenarios(BuildHookInterface[Any]):
    """Puts ``scenarios/`` into the package that finds them there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add it to a wheel; an editable one leaves it where it is, beside the harness."""
        if version == "standard":
            build_data["force_include"]["scenarios"] = "harness/scenarios"
