"""The documents of a project: written anew, or checked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import frozen

from harness.catalogue.claims import claims_of, mistakes, without_claimed
from harness.catalogue.documents import documents
from harness.catalogue.language import unexplained
from harness.declare.modules import Declared, load_module, module_paths
from harness.declare.upstream import LISTED, read_pending, read_tests

DIRECTORY: Final = "scenarios"


@frozen
class Catalogue:
    """What a project at ``root`` declares, and the list of Codex's tests that it is held against.

    Both methods raise ``ModuleError`` for a module that cannot be loaded.
    """

    root: Path
    listed: Path = LISTED

    def write(self) -> list[str]:
        """Take what is claimed off the list, write the documents; return what is still wrong."""
        declared = self._declared()
        listed = self.listed.read_text(encoding="utf-8")
        without = without_claimed(listed, claims_of(declared))
        if without != listed:
            self.listed.write_text(without, encoding="utf-8")
        for path, text in documents(self.root, declared, read_tests(without)).items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self.check()

    def check(self) -> list[str]:
        """Return what is wrong, each with what to do."""
        declared = self._declared()
        listed = self.listed.read_text(encoding="utf-8")
        tests = read_tests(listed)
        wrong = [*unexplained(), *mistakes(claims_of(declared), tests, read_pending(listed))]
        for path, text in documents(self.root, declared, tests).items():
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                wrong.append(f"{path.relative_to(self.root)} is stale; run: nox -s docs")
        return wrong

    def _declared(self) -> list[Declared]:
        paths = module_paths(self.root / DIRECTORY)
        return [one for path in paths for one in load_module(path)]
