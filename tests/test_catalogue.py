"""The documents of what is declared, and the list of Codex's own tests: each mistake is told."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import frozen

import harness
from harness.__main__ import main
from harness.catalogue.catalogue import Catalogue
from harness.catalogue.language import OF_PYTHON, language, unexplained

REMOVES = "logout_account_removes_auth_and_notifies"
REVOKES = "logout_with_revoke_removes_auth_when_revoke_fails"
HALF = "uses_codex_ca_cert_env"

LIST = f"""# What this is.
pending = [
    "{REMOVES}",
    "{REVOKES}",
]

["account.rs"]
{REMOVES} = {{}}

["logout.rs"]
{REVOKES} = {{ since = "0.122.0", needs = "time" }}
{HALF} = {{ partly = "half | half" }}
internal = {{ out_of_reach = "nobody sees it" }}
"""

CLAIMED = f'''"""Signed out | really.

Further."""
from harness import Scenario
scenarios = {{
    "plain": Scenario(
        upstream={{"logout": ["{REMOVES}", "{HALF}"], "home": ["{REMOVES}"]}},
        reports=["openai/codex#20", "openai/codex#3"],
    ),
    "other": Scenario(reports=["openai/codex#20"]),
}}
'''


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Return a project with a scenario in a folder, and a list of two tests that are pending."""
    scenario = tmp_path / "scenarios" / "out" / "signed_out.py"
    scenario.parent.mkdir(parents=True)
    scenario.write_text('"""Signed out."""\nfrom harness import Scenario\nscenario = Scenario()\n')
    listed = tmp_path / "upstream.toml"
    listed.write_text(LIST)
    return Catalogue(tmp_path, listed)


def module(catalogue: Catalogue) -> Path:
    """Return the only module of the project."""
    return catalogue.root / "scenarios" / "out" / "signed_out.py"


def document(catalogue: Catalogue, name: str) -> str:
    """Return what was written."""
    return (catalogue.root / "docs" / f"{name}.md").read_text()


def test_what_was_written_is_up_to_date(catalogue: Catalogue) -> None:
    """Nothing is wrong after the documents were written, and writing again changes nothing."""
    assert [] == catalogue.write()
    before = {path: path.read_text() for path in catalogue.root.rglob("*.*") if path.is_file()}

    assert [] == catalogue.write()
    assert before == {path: path.read_text() for path in before}


def test_stale_document_is_told(catalogue: Catalogue) -> None:
    """A document that is missing, was edited, or tells of what is no more, is stale."""
    assert [
        "docs/states.md is stale; run: nox -s docs",
        "docs/upstream.md is stale; run: nox -s docs",
        "docs/reports.md is stale; run: nox -s docs",
        "docs/language.md is stale; run: nox -s docs",
    ] == catalogue.check()

    catalogue.write()
    module(catalogue).write_text(module(catalogue).read_text().replace("Signed out", "Signed in"))

    assert ["docs/states.md is stale; run: nox -s docs"] == catalogue.check()


def test_unclaimed_test_is_told(catalogue: Catalogue) -> None:
    """A test that could be driven is claimed or on the list of what is pending."""
    catalogue.listed.write_text(LIST.replace(f'    "{REVOKES}",\n', ""))

    text = (
        f"logout.rs: no scenario claims {REVOKES}; give upstream={{probe: ['{REVOKES}']}} to one "
        "that checks the same, or put the name on 'pending' in upstream.toml"
    )

    assert [text] == catalogue.write()
    assert f'"{REVOKES}"' not in catalogue.listed.read_text()


def test_claimed_test_is_no_longer_pending(catalogue: Catalogue) -> None:
    """A claim makes the entry stale, and the session takes out that line alone."""
    catalogue.write()
    module(catalogue).write_text(CLAIMED)

    first, *_ = catalogue.check()

    assert (
        f"upstream.toml: {REMOVES} is on 'pending', but {module(catalogue)}: "
        "signed_out[plain]::home claims it; run: nox -s docs"
    ) == first
    assert [] == catalogue.write()
    assert LIST.replace(f'    "{REMOVES}",\n', "") == catalogue.listed.read_text()


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        ("typo", "upstream.toml: typo is on 'pending', but is no drivable test; take it off"),
        (HALF, f"upstream.toml: {HALF} is on 'pending', but is no drivable test; take it off"),
        (
            "internal",
            "upstream.toml: internal is on 'pending', but is no drivable test; take it off",
        ),
        (REVOKES, f"upstream.toml: {REVOKES} is on 'pending' 2 times; take the others off"),
    ],
)
def test_wrong_pending_entry_is_told(catalogue: Catalogue, extra: str, text: str) -> None:
    """Only a drivable test can be pending, and once."""
    catalogue.listed.write_text(LIST.replace("pending = [", f'pending = ["{extra}",'))

    assert [text] == catalogue.write()


def test_document_of_the_states(catalogue: Catalogue) -> None:
    """Every module has a row with its first line, in the table of its folder."""
    module(catalogue).write_text(CLAIMED)
    catalogue.write()

    text = document(catalogue, "states")

    link = "[`signed_out`](../scenarios/out/signed_out.py)"
    assert "2 scenarios in 1 modules" in text
    assert "\n## `scenarios/out`\n" in text
    assert rf"| {link} | Signed out \| really. | `plain`, `other` |" in text


def test_document_of_the_reports(catalogue: Catalogue) -> None:
    """Every thread leads to its scenarios, by its number; variants are named where not all do."""
    module(catalogue).write_text(CLAIMED)
    catalogue.write()

    _, *threads = document(catalogue, "reports").split("\n## ")

    link = "[`signed_out`](../scenarios/out/signed_out.py)"
    url = "https://github.com/openai/codex/issues"
    assert [
        f"[openai/codex#3]({url}/3)\n\n- {link} (`plain`): Signed out | really.\n",
        f"[openai/codex#20]({url}/20)\n\n- {link}: Signed out | really.\n",
    ] == threads


def test_document_of_the_tests_of_codex(catalogue: Catalogue) -> None:
    """Every test stands below what became of it, with its scenarios or with the reason."""
    module(catalogue).write_text(CLAIMED)
    catalogue.write()

    totals, tried, pending, partly, out_of_reach = document(catalogue, "upstream").split("\n## ")

    link = "[`signed_out`](../scenarios/out/signed_out.py) (`plain`)"
    assert "with 4 test functions" in totals
    assert "for 1 of them, and not yet for 1;\n1 show only in part from outside, 1 not" in totals
    assert "| `logout.rs` | 3 | 0 | 1 | 1 | 1 |" in totals
    assert "\n### `account.rs`\n\n| test |" in tried
    assert f"| `{REMOVES}` |  | {link}: `logout`, `home` |" in tried
    assert f"| `{REVOKES}` | 0.122.0 | time |" in pending
    assert rf"| `{HALF}` | half \| half | {link}: `logout` |" in partly
    assert "| `internal` | nobody sees it |" in out_of_reach


def test_command_says_what_is_wrong(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check writes nothing and fails; without it, the documents are written."""
    monkeypatch.chdir(catalogue.root)

    assert 1 == main(["docs", "--check"])
    assert "docs/states.md is stale; run: nox -s docs\n" in capsys.readouterr().err
    assert not (catalogue.root / "docs").exists()

    module(catalogue).write_text("scenario = None")

    assert 2 == main(["docs"])
    assert "error: scenarios/out/signed_out.py:1: no docstring" in capsys.readouterr().err


# The language.


def test_every_word_is_explained() -> None:
    """With its fields, what they take, and what they are by default."""
    text = "\n".join(language())

    assert [name for name in harness.__all__ if f"\n### `{name}" not in text and name != "do"] == [
        *OF_PYTHON
    ]
    assert "| `account_id` | `str \\| None` | `None` | `tokens.account_id`, the workspace" in text
    assert "| `error` | `RpcError`, `str`, `None` |  | as in `Read`. |" in text
    assert "\n### `do.turn(*, on='', home='')`\nRun a turn to its end, on the thread" in text
    assert "\nIts record is `Turn`.\n" in text


def test_word_without_a_meaning_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that its docstring forgets, and a word whose module is in no section."""

    @frozen
    class Forgetful:
        """Nothing of its field."""

        forgotten: int = 0

    monkeypatch.setattr(harness, "Forgetful", Forgetful, raising=False)
    monkeypatch.setattr(harness, "__all__", [*harness.__all__, "Forgetful"])

    assert [*unexplained()] == [
        "Forgetful is in no section of harness/catalogue/language.py; add its module",
        "Forgetful says nothing of 'forgotten'; add it below 'Args:'",
    ]
