"""The tests of Codex itself that a scenario may claim to say the same as."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from attrs import field, frozen
from packaging.version import Version

from harness.declare.releases import known_releases

LISTED = Path(__file__).with_name("upstream.toml")
"""Every test of Codex about accounts and sign-in; ``nox -s docs`` takes off what is claimed."""


def _one_reason(test: UpstreamTest, _attribute: object, out_of_reach: str) -> None:
    if out_of_reach and (test.partly or test.since or test.needs):
        message = f"{test.name}: what is 'out_of_reach' takes nothing else"
        raise ValueError(message)


def _released(test: UpstreamTest, _attribute: object, since: str) -> None:
    if since and Version(since) not in known_releases():
        message = f"{test.name}: 'since' takes a release, not {since!r}"
        raise ValueError(message)


@frozen(kw_only=True)
class UpstreamTest:
    """A test function of Codex.

    Args:
        name: the function, without its module.
        file: where it stands in the repository.
        since: the first release that can be driven to it, where that is not every release.
        needs: what driving it takes beside an app-server on a home.
        partly: why only a part of it can be seen from outside.
        out_of_reach: why no release can be driven to it.
    """

    name: str
    file: str
    since: str = field(default="", validator=_released)
    needs: str = ""
    partly: str = ""
    out_of_reach: str = field(default="", validator=_one_reason)

    @property
    def drivable(self) -> bool:
        """Whether a release can be driven to the whole of it: then a scenario should claim it."""
        return not (self.partly or self.out_of_reach)


@cache
def upstream_tests() -> Sequence[UpstreamTest]:
    """Return every test that is listed, in the order of the list."""
    return read_tests(LISTED.read_text(encoding="utf-8"))


def read_tests(listed: str) -> Sequence[UpstreamTest]:
    """Return the tests in the text of a list.

    Raises:
        ValueError: a test says what cannot be.
        TypeError: a test says something unknown.
    """
    files = tomllib.loads(listed)
    files.pop("pending")
    return tuple(
        UpstreamTest(name=name, file=file, **said)
        for file, tests in files.items()
        for name, said in tests.items()
    )


def read_pending(listed: str) -> Sequence[str]:
    """Return the names in the text of a list that it says no scenario claims yet."""
    return tuple(tomllib.loads(listed)["pending"])


def refuse_unknown_tests(claims: Mapping[str, Iterable[str]]) -> None:
    """Refuse a claim, by probe, of what is no test of Codex or what no scenario can see.

    Raises:
        ValueError: says which and what to do.
    """
    known = {test.name: test for test in upstream_tests()}
    for probe, names in claims.items():
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                meant = f"; did you mean {close[0]!r}?" if close else ""
                message = (
                    f"'upstream' names no known test of Codex for {probe!r}: {name!r}{meant} "
                    f"({LISTED.name} lists them)"
                )
                raise ValueError(message)
            if known[name].out_of_reach:
                message = (
                    f"'upstream' claims for {probe!r} what {LISTED.name} calls out of reach: "
                    f"{name!r}, {known[name].out_of_reach}; drop the claim, or the reason there"
                )
                raise ValueError(message)
