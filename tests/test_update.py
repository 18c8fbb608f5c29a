"""``--update``: what was seen goes into the modules, and nothing else in them changes."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest
from packaging.version import Version
from running import run_suite, write_scenarios

from harness.declare.modules import load_module
from harness.report.rewrite import Correction, RewriteError, deviating, expecting
from harness.report.update import update

PINNED = Version("0.163.0")
OLDER = Version("0.156.0")

NULL = Correction("read", "account", "None")
MESSAGE = Correction("turn", "message", "'no'")
KIND = Correction("turn", "kind", "'other'")
COUNTS = Correction("requests", "counts", "{'GET /a': 2, 'GET /c': 1}")

HEAD = '"""A state."""\n\nfrom harness import Scenario, signed_in\n\n'


def module(text: str) -> str:
    """Return the source of a module, without the margin it has here."""
    return dedent(text).lstrip("\n")


# The source.


def test_scenario_without_expectation_gets_one() -> None:
    """With the import of all that it names, sorted."""
    changed = expecting(f"{HEAD}scenario = Scenario(auth=signed_in())\n", "", [NULL])

    assert changed == module('''
        """A state."""

        from harness import Expect, Read, Scenario, signed_in

        scenario = Scenario(auth=signed_in(), expect=Expect(read=Read(account=None)))
    ''')


def test_fields_are_added_replaced_and_kept() -> None:
    """In the record of the probe, beside comments, on a line of their own where the others are."""
    changed = expecting(
        module('''
            """A state."""

            from harness import Expect, Read, Scenario, Turn  # all of it

            scenario = Scenario(
                expect=Expect(
                    # Why it fails.
                    turn=Turn(outcome="failed", message="ü"),  # it does
                ),
            )  # the end
        '''),
        "",
        [MESSAGE, KIND, NULL],
    )

    assert changed == module('''
        """A state."""

        from harness import Expect, Read, Scenario, Turn  # all of it

        scenario = Scenario(
            expect=Expect(
                # Why it fails.
                turn=Turn(outcome="failed", message='no', kind='other'),  # it does
                read=Read(account=None),
            ),
        )  # the end
    ''')


def test_long_call_is_laid_out_in_lines() -> None:
    """Each argument on one, as a formatter would."""
    long = [
        Correction("turn", name, repr("x" * 40)) for name in ("outcome", "message", "kind", "host")
    ]
    changed = expecting(f"{HEAD}scenario = Scenario(auth=signed_in())\n", "", [*long, NULL])

    assert changed.partition("scenario = ")[2] == module(f"""
        Scenario(
            auth=signed_in(),
            expect=Expect(
                turn=Turn(
                    outcome='{"x" * 40}',
                    message='{"x" * 40}',
                    kind='{"x" * 40}',
                    host='{"x" * 40}',
                ),
                read=Read(account=None),
            ),
        )
    """)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{'GET /a': 1, 'GET /b': 1}", "{'GET /b': 1, 'GET /a': 2, 'GET /c': 1}"),
        ("{**ALL, 'GET /a': 1}", "{**ALL, 'GET /a': 2, 'GET /c': 1}"),
        ("ALL", "{**ALL, 'GET /a': 2, 'GET /c': 1}"),
    ],
    ids=["literal", "unpacked", "named"],
)
def test_counts_keep_the_other_endpoints(written: str, expected: str) -> None:
    """Only what differs is told of counts, so that the rest stays as it was."""
    text = f"scenario = Scenario(expect=Expect(requests=Requests(counts={written})))"

    changed = expecting(f"{HEAD}{text}\n", "", [COUNTS])

    assert ast.unparse(ast.parse(changed).body[-1]) == text.replace(written, expected)


def test_variant_is_found_by_its_key() -> None:
    """The others stay as they are."""
    text = f"{HEAD}scenarios = {{'one': Scenario(), 'other': Scenario()}}\n"

    changed = expecting(text, "other", [NULL])

    assert changed.endswith(
        "{'one': Scenario(), 'other': Scenario(expect=Expect(read=Read(account=None)))}\n"
    )


def test_deviation_is_added_to_others() -> None:
    """As the entry that a red cell prints, with the reason left to a person."""
    text = module('''
        """A state."""

        from harness import Deviation, Expect, Scenario, Turn

        scenario = Scenario(
            deviations=[
                Deviation("<0.100.0", Expect(turn=Turn(message="old")), reason="it is old"),
            ],
        )
    ''')

    changed = deviating(text, "", [NULL, KIND], OLDER)

    assert changed == text.replace("Expect, Scenario", "Expect, Read, Scenario").replace(
        '"it is old"),\n',
        '"it is old"),\n'
        "        Deviation(\n"
        '            "==0.156.0",\n'
        "            Expect(\n"
        "                read=Read(account=None),\n"
        "                turn=Turn(kind='other'),\n"
        "            ),\n"
        '            reason="…",\n'
        "        ),\n",
    )


@pytest.mark.parametrize(
    ("text", "variant", "message"),
    [
        ("scenario = make()", "", r"line 5: 'make\(\)' is not written as Scenario\(…\)"),
        ("scenario = Scenario(expect=E)", "", r"line 5: 'E' is not written as Expect\(…\)"),
        ("scenario = Scenario(**all)", "", r"is not written as Scenario\(…\)"),
        ("scenario = Scenario(expect=Expect(read=READ))", "", "'READ' is not written as Read"),
        ("scenarios = {**others}", "one", "the variant 'one' is not written as a key"),
    ],
    ids=["scenario", "expect", "unpacked", "record", "variant"],
)
def test_computed_source_is_left_alone(text: str, variant: str, message: str) -> None:
    """Whoever wrote it must say what is to be computed instead."""
    with pytest.raises(RewriteError, match=message):
        expecting(f"{HEAD}{text}\n", variant, [NULL])


def test_computed_deviations_are_left_alone() -> None:
    """As other computed source."""
    with pytest.raises(RewriteError, match=r"line 5: 'deviations' is not written as \[Deviation"):
        deviating(f"{HEAD}scenario = Scenario(deviations=OLD)\n", "", [NULL], OLDER)


# The modules.


def shared(tmp_path: Path) -> Path:
    """Write a module whose two variants are one expression."""
    path = tmp_path / "both.py"
    path.write_text(f"{HEAD}scenarios = {{name: Scenario() for name in 'ab'}}\n")
    return path


def test_comprehension_is_changed_for_all_of_its_variants(tmp_path: Path) -> None:
    """If all of them saw the same."""
    path = shared(tmp_path)

    done = update(path, {"a": [NULL, KIND], "b": [KIND, NULL]}, PINNED, pinned=True)

    assert not done.left
    assert [one.scenario.expect.turn.kind for one in load_module(path)] == ["other", "other"]
    assert done.diff(tmp_path)[:2] == ["--- a/both.py", "+++ b/both.py"]


def test_comprehension_of_which_one_variant_differs_is_left_alone(tmp_path: Path) -> None:
    """It cannot say what only one of them sees."""
    path = shared(tmp_path)
    before = path.read_text()

    done = update(path, {"b": [NULL]}, PINNED, pinned=True)

    assert list(done.left) == [
        "both[b]: a comprehension stands for all variants, and not all of them saw this"
    ]
    assert (before, []) == (path.read_text(), done.diff(tmp_path))


def deviating_module(tmp_path: Path) -> Path:
    """Write a module with a deviation that holds on every newer release."""
    path = tmp_path / "old.py"
    path.write_text(
        '"""A state."""\n\nfrom harness import Deviation, Expect, Scenario, Turn\n\n'
        "scenario = Scenario(\n    deviations=[\n"
        '        Deviation(">=0.150.0", Expect(turn=Turn(message="x")), reason="new"),\n'
        "    ],\n)\n"
    )
    return path


@pytest.mark.parametrize(
    ("release", "message"),
    [
        (PINNED, "the deviation for '>=0.150.0' has the last word"),
        (OLDER, "overlap: '>=0.150.0' and '==0.156.0' both pin turn.message"),
    ],
    ids=["pinned", "other"],
)
def test_field_of_a_deviation_is_left_alone(tmp_path: Path, release: Version, message: str) -> None:
    """Where its range ends now, is for a person to find out."""
    path = deviating_module(tmp_path)
    before = path.read_text()

    done = update(path, {"": [MESSAGE]}, release, pinned=release == PINNED)

    assert len(done.left) == 1
    assert message in done.left[0]
    assert before == path.read_text()


# The run.

WRONG = '''
"""A state of which the wrong thing is expected."""

from harness import Expect, Read, Requests, Scenario, Turn

scenario = Scenario(
    expect=Expect(
        read=Read(account={"type": "x"}),
        turn=Turn(outcome="completed", message=None, kind=None),
        requests=Requests(counts={"GET /nowhere": 3}),
    )
)
'''


def test_run_updates_a_module_and_stays_red(tmp_path: Path) -> None:
    """The next one is green."""
    directory = write_scenarios(tmp_path / "project", {"wrong": WRONG.lstrip()})

    first = run_suite("-n", "2", "--update", "scenarios", cwd=directory)
    second = run_suite("-n", "0", "scenarios", cwd=directory)

    assert first.exit_code == 1
    assert "\n--- a/scenarios/wrong.py\n+++ b/scenarios/wrong.py\n" in first.text
    assert '\n-        read=Read(account={"type": "x"}),\n' in first.text
    assert "by hand" not in first.text
    assert second.exit_code == 0, second.text


def test_update_takes_one_codex(tmp_path: Path) -> None:
    """Two of them may see different things."""
    directory = write_scenarios(tmp_path / "project", {"wrong": WRONG.lstrip()})

    another = tmp_path / "codex"
    another.write_text("#!/bin/sh\necho codex-cli 0.1.0\n")
    another.chmod(0o755)

    outcome = run_suite(
        *("--update", "--codex", "pinned", f"--codex={another}", "scenarios"), cwd=directory
    )

    assert outcome.exit_code == 4
    assert "--update takes one Codex" in outcome.text


def test_request_for_another_machine_is_never_expected(tmp_path: Path) -> None:
    """What must not happen cannot be approved."""
    elsewhere = '''"""A state that leads Codex off the machine."""

from harness import Scenario, signed_in

scenario = Scenario(
    auth=signed_in(), config={"analytics": {"enabled": True}, "chatgpt_base_url": "https://x.test"}
)
'''
    directory = write_scenarios(tmp_path / "project", {"elsewhere": elsewhere})

    outcome = run_suite("-n", "2", "--update", "scenarios", cwd=directory)

    assert "by hand: scenarios/elsewhere.py::requests: " in outcome.text
    assert "x.test" not in (directory / "scenarios/elsewhere.py").read_text().replace(
        "https://x.test", ""
    )
