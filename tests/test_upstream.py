"""The list of Codex's own tests, which claims of scenarios are held against."""

# What is expected comes first.
# ruff: noqa: SIM300

from __future__ import annotations

from collections import Counter

import pytest

from harness.declare.upstream import UpstreamTest, read_pending, read_tests, upstream_tests


def test_list_is_as_it_was_counted() -> None:
    """The list holds every function that was found, and says of each what can be done."""
    tests = upstream_tests()

    assert 211 == len(tests) == len({(test.file, test.name) for test in tests})
    assert {"drivable": 180, "partly": 16, "out of reach": 15} == Counter(
        "drivable" if test.drivable else "partly" if test.partly else "out of reach"
        for test in tests
    )
    assert all(test.file.startswith("codex-rs/") for test in tests)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ('since = "0.122.9"', "one: 'since' takes a release, not '0.122.9'"),
        ('out_of_reach = "x", since = "0.122.0"', "one: what is 'out_of_reach' takes nothing else"),
        ('out_of_reach = "x", partly = "y"', "one: what is 'out_of_reach' takes nothing else"),
        ('why = "x"', "unexpected keyword argument 'why'"),
    ],
)
def test_list_is_checked(said: str, text: str) -> None:
    """A test of the list says what can be, in the words that there are."""
    with pytest.raises((ValueError, TypeError), match=text):
        read_tests(f'pending = []\n["a.rs"]\none = {{ {said} }}\n')


def test_test_of_the_list() -> None:
    """A test has its file, its name and what the list says."""
    assert (
        UpstreamTest(name="one", file="a.rs", since="0.122.0"),
        UpstreamTest(name="two", file="a.rs"),
    ) == read_tests('pending = []\n["a.rs"]\none = { since = "0.122.0" }\ntwo = {}\n')


def test_pending_of_the_list() -> None:
    """What no scenario claims stands apart from the tests."""
    assert ("two", "one") == read_pending('pending = ["two", "one"]\n["a.rs"]\none = {}\n')
