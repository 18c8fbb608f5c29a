"""The documents tell the truth: their modules run, their sessions and names exist."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from statistics import median

import attrs
import pytest
from running import ROOT, run_suite, write_scenarios

import harness
from harness.catalogue.catalogue import Catalogue
from harness.declare import do
from harness.declare.answers import Backend
from harness.declare.modules import load_module, module_paths
from harness.seen.records import Expect, Story


def _snippets(document: str) -> list[str]:
    text = (ROOT / document).read_text()
    blocks: list[str] = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [block for block in blocks if block.startswith('"""')]


def test_scenario_of_the_readme_is_green(tmp_path: Path) -> None:
    """The module that the README shows runs as it is, and passes."""
    (snippet,) = _snippets("README.md")
    directory = write_scenarios(tmp_path, {"example": snippet})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert (set(), set(), 0) == (outcome.failed, outcome.errors, outcome.exit_code)


def test_first_step_of_the_guide_is_red_where_it_says(tmp_path: Path) -> None:
    """The module of the contributor's guide, without its expectation, shows what to expect."""
    (snippet,) = _snippets("CONTRIBUTING.md")
    directory = write_scenarios(tmp_path, {"usage_down": snippet})

    outcome = run_suite("-n", "0", "scenarios", cwd=directory)

    assert {"scenarios/usage_down.py::limits"} == outcome.failed


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_sessions_exist(document: str) -> None:
    """Every nox session that a document names is defined."""
    text = (ROOT / document).read_text()
    named = set(re.findall(r"nox -s ([a-z]+)\b(?!-)", text))
    defined = set(
        re.findall(r"^def ([a-z]+)\(session", (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    )

    assert set() == named - defined


def test_readme_names_every_endpoint_and_every_field() -> None:
    """The reference in the README is complete."""
    text = (ROOT / "README.md").read_text()
    endpoints = [attribute.name for attribute in attrs.fields(Backend)]
    probes = [attribute.type for attribute in attrs.fields(attrs.resolve_types(Expect))]
    records = [*dict.fromkeys((*probes, *do.RECORDS.values()))]
    records.remove(Story)
    signatures = [
        f"{record.__name__}({', '.join(field.name for field in attrs.fields(record))})"
        for record in records
        if record
    ]

    steps = [f"do.{name}(" for name, value in vars(do).items() if _makes_a_step(value)]

    missing = [name for name in (*endpoints, *signatures, *steps) if f"`{name}" not in text]

    assert missing == []


def _makes_a_step(value: object) -> bool:
    return inspect.isfunction(value) and inspect.signature(value).return_annotation == "Step"


def test_external_auth_is_told_completely() -> None:
    """Each row of the document names a probe of a scenario; each such scenario has a row."""
    text = (ROOT / "docs" / "external-auth.md").read_text()
    rows = re.findall(r"^\|.*\| `(\w+)` \| `(\w+)` \|$", text, re.MULTILINE)
    declared = {path.stem: load_module(path) for path in module_paths(ROOT / "scenarios")}
    probes = {name: one.scenario.probes for name, (one, *_) in declared.items()}
    external = {name for name in declared if name.startswith("external_")}

    assert [row for row in rows if row[1] not in probes.get(row[0], ())] == []
    assert external - {scenario for scenario, _ in rows} == set()
    assert len(rows) == text.count("\n|") - 2 * text.count("|---|---|---|")


def test_written_documents_are_up_to_date() -> None:
    """The documents say what the modules declare, and every test of Codex is claimed or listed."""
    assert [] == Catalogue(ROOT).check()


def test_harness_exports_what_it_says() -> None:
    """Every name in ``__all__`` can be imported."""
    assert [name for name in harness.__all__ if not hasattr(harness, name)] == []


@pytest.mark.parametrize("path", module_paths(ROOT / "scenarios"), ids=lambda path: path.stem)
def test_shipped_module_is_short(path: Path) -> None:
    """A scenario module loads; a table of many answers says what is right in less than 80 lines."""
    load_module(path)

    assert _length(path) < 80


def test_typical_module_is_shorter() -> None:
    """Half of them need no more than thirty lines beside their imports and deviations."""
    assert median(map(_length, module_paths(ROOT / "scenarios"))) <= 30


def _length(path: Path) -> int:
    text = path.read_text()
    imports = [one for one in ast.parse(text).body if isinstance(one, ast.ImportFrom)]
    imported = sum((one.end_lineno or one.lineno) - one.lineno + 1 for one in imports)
    return len(text.partition("    deviations=")[0].splitlines()) - imported
