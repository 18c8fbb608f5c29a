"""How a codex home lies on the disk: modes, links, and what is no file or no directory at all."""

from __future__ import annotations

import re
from typing import Any, Final, Literal, get_args

from attrs import Attribute, field, frozen

MODE = re.compile(r"0[4-7][0-7]{2}")

FileKind = Literal["file", "link", "dangling", "hard link", "directory"]
"""What ``auth.json`` is."""

HomeKind = Literal["directory", "link", "empty", "missing", "file"]
"""What the codex home is."""


def _mode(_layout: object, attribute: Attribute[Any], value: object) -> None:
    """Validate a mode that leaves its owner the right to read."""
    if not isinstance(value, str) or not MODE.fullmatch(value):
        message = f"'{attribute.name}' takes a mode that the owner can read, '0400', not {value!r}"
        raise ValueError(message)


def _one_of(kinds: Any) -> Any:
    known = get_args(kinds)

    def validate(_layout: object, attribute: Attribute[Any], value: object) -> None:
        if value not in known:
            message = f"'{attribute.name}' takes one of {', '.join(known)}, not {value!r}"
            raise ValueError(message)

    return validate


@frozen(kw_only=True)
class Layout:
    """How the home lies on the disk when Codex is started, where that is the state.

    A mode without the right to write binds Codex also where the user of the machine is root.

    Args:
        auth_json: what ``auth.json`` is: a ``"file"``; a ``"link"`` to a file in a directory
            beside the home, or a ``"hard link"`` to it; a ``"dangling"`` link, whose directory is
            there, but no file; an empty ``"directory"``.
        file_mode: the mode of the file.
        home: what the home is: a ``"directory"``; a ``"link"`` to one; ``"empty"`` but for
            ``config.toml``, where no Codex has ever been; ``"missing"``; a ``"file"``.
        home_mode: the mode of the directory.
    """

    auth_json: str = field(default="file", validator=_one_of(FileKind))
    file_mode: str = field(default="0600", validator=_mode)
    home: str = field(default="directory", validator=_one_of(HomeKind))
    home_mode: str = field(default="0700", validator=_mode)

    @property
    def forbids(self) -> bool:
        """Whether it keeps the owner from writing anything."""
        return any(not int(mode, 8) & 0o200 for mode in (self.file_mode, self.home_mode))

    @property
    def has_home(self) -> bool:
        """Whether there is a home to write anything into."""
        return self.home not in ("missing", "file")


ORDINARY: Final = Layout()
"""A directory of the user's own, and a file in it."""
