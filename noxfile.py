"""Everything that is done with this project, as nox sessions: ``nox -l`` lists them."""

from __future__ import annotations

import ast
import hashlib
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["scenarios", "tests", "lint", "types"]

BIN = ROOT / ".nox" / "env" / ("Scripts" if sys.platform == "win32" else "bin")
"""The programs of the one environment that every session uses which runs Codex."""


@nox.session(default=False)
def env(session: nox.Session) -> None:
    """Install the harness and the pinned Codex; the sessions that need them do this first."""
    _install(session, "codex")


@nox.session(venv_backend="none", requires=["env"])
def scenarios(session: nox.Session) -> None:
    """Run every auth state against a real Codex; arguments after -- go to pytest."""
    _run(session, "pytest", "-n", "auto", *session.posargs)


@nox.session(venv_backend="none", requires=["env"])
def tests(session: nox.Session) -> None:
    """Run the tests of the harness itself; arguments after -- go to pytest."""
    _run(session, "pytest", "-n", "auto", *(session.posargs or ["tests"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    _install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(default=False)
def format(session: nox.Session) -> None:  # noqa: A001 - the name of the command
    """Format the code and mend what can be mended."""
    _install(session, "lint")
    session.run("ruff", "check", "--fix-only", ".")
    session.run("ruff", "format", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the harness, the scenarios, the tests and this file."""
    _install(session, "lint")
    session.run("mypy")
    session.run("mypy", "noxfile.py")


@nox.session(default=False, venv_backend="none", requires=["env"])
def bench(session: nox.Session) -> None:
    """Measure what a run of all scenarios costs beside the Codex processes themselves."""
    _run(session, "python", "-m", "harness.bench", *session.posargs)


def _run(session: nox.Session, program: str, *arguments: str) -> None:
    session.run(str(BIN / program), *arguments, external=True)


def _install(session: nox.Session, group: str) -> None:
    """Install the project and a dependency group, unless the environment already holds them."""
    requirements = [
        *PYPROJECT["project"]["dependencies"],
        *nox.project.dependency_groups(PYPROJECT, group),
    ]
    wanted = hashlib.sha256("\n".join([sys.version, *requirements]).encode()).hexdigest()
    stamp = Path(session.virtualenv.location) / f"{group}.sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    session.install("--editable", ".", *nox.project.dependency_groups(PYPROJECT, group))
    stamp.write_text(wanted)


def _add_session(module: Path) -> None:
    """Add a session of its own for a scenario module, with its docstring as the description."""
    path = str(module.relative_to(ROOT))

    def scenario(session: nox.Session) -> None:
        _run(session, "pytest", "-n", "auto", path, *session.posargs)

    scenario.__doc__ = _first_line(module)
    name = f"scenario-{module.stem}"
    nox.session(name=name, default=False, venv_backend="none", requires=["env"])(scenario)


def _first_line(module: Path) -> str:
    try:
        docstring = ast.get_docstring(ast.parse(module.read_bytes()))
    except (SyntaxError, ValueError):
        docstring = "(does not parse)"
    return (docstring or "(has no docstring)").partition("\n")[0]


for _module in sorted((ROOT / "scenarios").glob("[!_]*.py")):
    _add_session(_module)
