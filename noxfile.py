"""Everything that is done with this project, as nox sessions: ``nox -l`` lists them."""

from __future__ import annotations

import ast
import hashlib
import shutil
import tempfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["scenarios", "tests", "lint", "types"]

RELEASES: tuple[str, ...] = tuple(PYPROJECT["tool"]["codex-auth-scenarios"]["releases"])

SHARDS: int = PYPROJECT["tool"]["codex-auth-scenarios"]["shards"]

# Named, since pytest takes the path after --codex for one that leads to its configuration.
PYTEST = ("pytest", "-c", str(ROOT / "pyproject.toml"), "-n", "auto")

NO_CODEX = "import importlib.util as u, sys; sys.exit(u.find_spec('codex_cli_bin') is not None)"
"""A program that fails where a Codex has been installed."""

INTERRUPT_TIMEOUT = 30.0
"""Seconds that pytest has after Ctrl-C to stop every Codex and to report what it has seen."""


@nox.session(default=False)
def env(session: nox.Session) -> None:
    """Install the harness and the pinned Codex; the sessions that need them do this first."""
    _install(session, "--editable", ".[codex]", *_group("codex"), *_group("tests"))
    _pointer(session).write_text(str(session.env_dir))


@nox.session(venv_backend="none", requires=["env"])
def scenarios(session: nox.Session) -> None:
    """Run every auth state against a real Codex; arguments after -- go to pytest."""
    _run(session, *PYTEST, *_results(session), *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def releases(session: nox.Session) -> None:
    """Run every auth state on releases of Codex from the oldest to the newest."""
    _run(session, *PYTEST, *_results(session), *_releases(session), *session.posargs)


@nox.session(venv_backend="none", requires=["env"])
def tests(session: nox.Session) -> None:
    """Run the tests of the harness itself; arguments after -- go to pytest."""
    _python(session, "tests/browser.py")
    options = ("-p", "no:harness.pytest_plugin", "-o", "testpaths=tests")
    _run(session, *PYTEST, *options, *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def mutants(session: nox.Session) -> None:
    """Run Codexes that misbehave, and say which probe notices which of them."""
    options = ("-p", "no:harness.pytest_plugin", "--kills", "tests/test_mutants.py")
    _run(session, *PYTEST, *options, *session.posargs)


@nox.session(default=False, reuse_venv=False)
def package(session: nox.Session) -> None:
    """Build the package; install it where there is nothing else, and use it from outside."""
    session.install(*_group("package"))
    with tempfile.TemporaryDirectory() as directory:
        session.install(_built(session, Path(directory)))
        session.run("python", "-c", NO_CODEX)
        _run_outside(session, ROOT / "examples" / "project", Path(directory))


@nox.session(default=False)
def examples(session: nox.Session) -> None:
    """Try the package on public clients of Codex, as they come from PyPI."""
    session.install(*_group("package"))
    with tempfile.TemporaryDirectory() as directory:
        wheel = _built(session, Path(directory))
        users = ROOT / "examples" / "users"
        # A wheel of the same version is not installed again unless it is told to.
        session.install("--force-reinstall", "--no-deps", str(wheel))
        session.install(f"{wheel}[codex]", "-r", str(users / "requirements.txt"))
        _run_outside(session, users, Path(directory))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format, and what CI systems are told."""
    _install(session, *_group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    schema = ("check-jsonschema", "--quiet", "--builtin-schema")
    session.run(*schema, "vendor.github-workflows", ".github/workflows/ci.yml")
    session.run(*schema, "vendor.gitlab-ci", "docs/ci/gitlab-ci.yml")
    session.run("kubernetes-validate", "--strict", "--quiet", "docs/ci/kubernetes.yaml")


@nox.session(default=False)
def format(session: nox.Session) -> None:  # noqa: A001 - the name of the command
    """Format the code and mend what can be mended."""
    _install(session, *_group("lint"))
    session.run("ruff", "check", "--fix-only", ".")
    session.run("ruff", "format", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the harness, the scenarios, the tests and this file."""
    _install(session, "--editable", ".", *_group("types"))
    session.run("mypy")


@nox.session(default=False, venv_backend="none", requires=["env"])
def new(session: nox.Session) -> None:
    """Write a module for a state, and say what Codex does: nox -s new -- refresh/my_state."""
    _run(session, "harness", "new", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def explain(session: nox.Session) -> None:
    """Say what a state consists of, and what is expected in it: nox -s explain -- expired."""
    _run(session, "harness", "explain", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def observe(session: nox.Session) -> None:
    """Say what Codex does in a state, as the expectation to paste: nox -s observe -- expired."""
    _run(session, "harness", "observe", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def compare(session: nox.Session) -> None:
    """Say what two releases do differently: nox -s compare -- 0.154.0 0.156.0."""
    _run(session, "harness", "compare", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def bisect(session: nox.Session) -> None:
    """Find the release that changed a scenario: nox -s bisect -- expired 0.98.0 0.169.0."""
    _run(session, "harness", "bisect", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def history(session: nox.Session) -> None:
    """Say where a scenario changed, release by release: nox -s history -- expired::turn."""
    _run(session, "harness", "history", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def changes(session: nox.Session) -> None:
    """Say what changed since a stored run, as Markdown: nox -s changes -- OLD.jsonl NEW.jsonl."""
    _run(session, "harness", "changes", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def report(session: nox.Session) -> None:
    """Draw the results as one page, results/report.html, and a badge for each release."""
    _run(session, "harness", "report", f"--badges={ROOT / 'results' / 'badges'}", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def picture(session: nox.Session) -> None:
    """Take the README's picture of the page, from the results in results/ or those after --."""
    _python(session, "tests/browser.py")
    _python(session, "tests/picture.py", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def cache(session: nox.Session) -> None:
    """List the downloaded releases of Codex, or remove them: nox -s cache -- --remove 0.94.0."""
    _run(session, "harness", "cache", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def merge(session: nox.Session) -> None:
    """Make one whole of the results of all shards: nox -s merge -- FILE... -o whole.jsonl."""
    _run(session, "harness", "merge", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def durations(session: nox.Session) -> None:
    """Write down what scenarios took, for even shards: nox -s durations -- results/*.jsonl."""
    _run(session, "harness", "durations", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def known(session: nox.Session) -> None:
    """List anew which releases of Codex there are, for the ranges in scenarios."""
    _run(session, "harness", "known")


@nox.session(default=False, venv_backend="none", requires=["env"])
def docs(session: nox.Session) -> None:
    """Write the documents of what the scenarios declare, or say what is stale: -- --check."""
    _run(session, "harness", "docs", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def sharing(session: nox.Session) -> None:
    """Prove that stages shared by scenarios hide nothing: run all both ways and compare."""
    _run(session, "harness", "sharing", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def bench(session: nox.Session) -> None:
    """Measure what a run of all scenarios costs beside the Codex processes themselves."""
    _run(session, "harness.bench", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def soak(session: nox.Session) -> None:
    """Run every auth state again and again on busy cores, and say what differs: -- --runs 3."""
    _run(session, "harness", "soak", *session.posargs)


@nox.session(default=False, venv_backend="none", requires=["env"])
def growth(session: nox.Session) -> None:
    """Measure how collecting, running and results grow with scenarios and releases."""
    _run(session, "harness.growth", *session.posargs)


@nox.session(default=False, requires=["env"])
def against(session: nox.Session) -> None:
    """Measure a run against nox, pytest and tox scenario by scenario, and an empty home a test."""
    _install(session, *_group("against"))
    _run(session, "harness.against", f"--tools={session.bin}", *session.posargs)


def _run(session: nox.Session, module: str, *arguments: str) -> None:
    """Run a module in the environment of ``env``."""
    _python(session, "-m", module, *arguments)


def _python(session: nox.Session, *arguments: str) -> None:
    """Run Python in the environment of ``env``, which all sessions that run Codex share."""
    environment = Path(_pointer(session).read_text())
    session.run(
        environment / "bin" / "python",
        *arguments,
        # Every worker would compile the harness anew where bytecode is not kept beside its source.
        env={
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(ROOT / environment / "pycache"),
        },
        external=True,
        interrupt_timeout=INTERRUPT_TIMEOUT,
    )


def _built(session: nox.Session, directory: Path) -> str:
    """Build the source distribution, and of that the wheel; return the path of the wheel."""
    session.run("python", "-m", "build", "--outdir", directory, ROOT)
    (wheel,) = directory.glob("*.whl")
    return str(wheel)


def _run_outside(session: nox.Session, suite: Path, directory: Path) -> None:
    """Run a suite of ``examples/`` where the checkout is not found."""
    copy = shutil.copytree(suite, directory / suite.name)
    with session.chdir(copy):
        session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


def _results(session: nox.Session) -> tuple[str, ...]:
    """Return the option that writes the results of a session; one after -- wins."""
    return (f"--results={ROOT / 'results' / session.name}.jsonl",)


def _releases(session: nox.Session) -> tuple[str, ...]:
    """Return the options for the default set of releases; a ``--codex`` after -- wins."""
    if any(argument.startswith("--codex") for argument in session.posargs):
        return ()
    return tuple(f"--codex={release}" for release in RELEASES)


def _pointer(session: nox.Session) -> Path:
    """Return the file that says where ``env`` is: nox shortens its name below a long path."""
    return session.env_dir.with_name("env.path")


def _group(name: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PYPROJECT, name)


def _install(session: nox.Session, *arguments: str) -> None:
    """Install ``arguments``, unless nothing has changed since the environment got them."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = hashlib.sha256("\n".join([project, *arguments]).encode()).hexdigest()
    stamp = session.env_dir / "installed.sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    session.install(*arguments)
    # Written as an installation step, which --no-install leaves out together with the other one.
    write = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    session.run_install("python", "-c", write, stamp, wanted, log=False)


def _add_session(module: Path) -> None:
    """Add a session of its own for a scenario module, with its docstring as the description."""
    path = str(module.relative_to(ROOT))

    def scenario(session: nox.Session) -> None:
        _run(session, *PYTEST, *_results(session), path, *session.posargs)

    scenario.__doc__ = _first_line(module)
    name = f"scenario-{module.stem}"
    nox.session(name=name, default=False, venv_backend="none", requires=["env"])(scenario)


def _add_release(release: str) -> None:
    """Add a session of its own for a release of the default set."""

    def of_release(session: nox.Session) -> None:
        _run(session, *PYTEST, *_results(session), f"--codex={release}", *session.posargs)

    of_release.__doc__ = f"Run every auth state on Codex {release}."
    name = f"release-{release}"
    nox.session(name=name, default=False, venv_backend="none", requires=["env"], tags=["releases"])(
        of_release
    )


def _add_shard(index: int) -> None:
    """Add a session for one of the parts that ``releases`` is split into, a machine each."""
    shard = f"{index}/{SHARDS}"

    def of_shard(session: nox.Session) -> None:
        chosen = (*_releases(session), f"--shard={shard}")
        _run(session, *PYTEST, *_results(session), *chosen, *session.posargs)

    of_shard.__doc__ = f"Run part {shard} of every auth state on all releases of the set."
    name = f"shard-{index}-of-{SHARDS}"
    nox.session(name=name, default=False, venv_backend="none", requires=["env"], tags=["shards"])(
        of_shard
    )


def _first_line(module: Path) -> str:
    try:
        docstring = ast.get_docstring(ast.parse(module.read_bytes(), filename=str(module)))
    except (OSError, SyntaxError, ValueError) as error:
        docstring = f"(does not parse: {error})"
    return (docstring or "(has no docstring)").partition("\n")[0]


for _release in RELEASES:
    _add_release(_release)

for _index in range(1, SHARDS + 1):
    _add_shard(_index)

for _module in sorted((ROOT / "scenarios").rglob("[!_.]*.py"), key=lambda path: path.stem):
    _add_session(_module)
