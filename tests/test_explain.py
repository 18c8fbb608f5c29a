"""One state in the open: its files, its world, and what is expected of Codex in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.__main__ import main

MODULE = '''"""A state.

More of it.
"""
from datetime import timedelta
from harness import *
scenario = Scenario(
    auth=signed_in(account_id=None),
    config={"forced_login_method": "chatgpt"},
    env={"CODEX_ACCESS_TOKEN": "secret-of-the-environment"},
    backend=Backend(token=[refuse(500, "down"), drop()]),
    expect=Expect(turn=Turn(bearers=["access-1"])),
    applies=Applies(">=0.94.0", "older ones cannot"),
    deviations=[
        Deviation("<0.116.0", Expect(turn=Turn(bearers=["access-0"])), reason="they do not ask")
    ],
    upstream={"logout": ["logout_account_removes_auth_and_notifies"]},
    reports=["openai/codex#1"],
)
'''

HOSTED = '''"""A host."""
from harness import *
scenario = Scenario(host=Host(refreshes=late(3)))
'''

STORY = '''"""A story."""
from harness import *
scenario = Scenario(
    auth=SIGNED_IN,
    story=[
        do.read(on="second"),
        do.together(do.turn(), do.kill(on="second"), after="POST /x"),
        do.put(NoAuth()),
    ],
    layout=Layout(auth_json="link", file_mode="0640"),
)
'''


@pytest.fixture
def said(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, list[str]]:
    """Return what is said of a module, by section."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "one.py").write_text(request.param)
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "one"]) == 0
    first, *rest = capsys.readouterr().out.split("\n--- ")
    sections = {"": first.splitlines()}
    for text in rest:
        title, _, body = text.partition(" ---\n")
        sections[title.partition(" (")[0]] = body.splitlines()
    return sections


@pytest.mark.parametrize("said", [MODULE], indirect=True)
def test_state_is_told_whole(said: dict[str, list[str]]) -> None:
    """What it is, where it lies, what is answered, expected, deviates, and where it is from."""
    assert said[""][:6] == ["one  scenarios/one.py", "", "A state.", "", "More of it.", ""]
    assert "Only on >=0.94.0: older ones cannot" in said[""]
    files = said["the files, below /world"]
    assert {"codex-home/auth.json  0600", "codex-home/config.toml  0644"} <= {*files}
    assert {'        "access_token": "access-0",', '        "account_id": null'} <= {*files}
    assert '    forced_login_method = "chatgpt"' in files
    assert said["the tokens in them"][0].startswith('access-0: {"jti": "access-0", "exp": "20')
    environment = said["the environment"]
    assert "* CODEX_ACCESS_TOKEN=$CODEX_ACCESS_TOKEN" in environment
    assert "  CODEX_HOME=/world/codex-home" in environment
    assert said["the backend"][0].startswith("POST /oauth/token: [")
    assert said["the backend"][-1] == "every other endpoint is healthy"
    (section,) = (title for title in said if title.startswith("expected on Codex"))
    assert '* turn.bearers: ["access-1"]' in said[section]
    assert '  turn.outcome: "completed"' in said[section]
    assert said["releases that deviate"] == [
        "<0.116.0: they do not ask",
        '    turn.bearers: ["access-0"]',
    ]
    assert said["see also"] == [
        "openai/codex#1",
        "Codex's own test logout_account_removes_auth_and_notifies, by logout",
    ]


@pytest.mark.parametrize("said", [MODULE], indirect=True)
def test_state_is_told_without_a_token(said: dict[str, list[str]]) -> None:
    """They stand there by name."""
    text = "\n".join(line for lines in said.values() for line in lines)

    assert [one for one in ("eyJ", "refresh-token-of", "secret-of") if one in text] == []


@pytest.mark.parametrize("said", [HOSTED], indirect=True)
def test_host_is_told(said: dict[str, list[str]]) -> None:
    """What it logs in with, and how it answers."""
    assert said["the host"] == [
        "signs in with HostTokens()",
        "answers a request for new tokens with Late(3)",
    ]
    assert said["the backend"] == ["every endpoint is healthy"]


@pytest.mark.parametrize("said", [STORY], indirect=True)
def test_story_is_told(said: dict[str, list[str]]) -> None:
    """Step by step in words; the other end of a link is shown as well."""
    first, *together, last = said["the story"]
    assert first.startswith(" 1. second_read()  # Ask for the account: account/read")
    assert [line[:4] for line in together] == [" 2. ", " 2. ", "    "]
    assert together[-1] == "    each once the one before has asked POST /x"
    assert last.startswith(" 3. put(auth=NoAuth())  # Put another auth.json in place of the one")
    files = said["the files, below /world"]
    assert "codex-home/auth.json  0777 -> /world/elsewhere/auth.json" in files
    assert "elsewhere/auth.json  0640" in files


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("on", "there is no on.py in scenarios/; did you mean 'one'?"),
        ("one[x]", "one has no variant 'x'; it has none"),
        ("one::trun", "one has no probe 'trun'; it has start, read, "),
    ],
)
def test_misspelt_name_is_told_the_nearest(
    name: str,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line, exit code 2; the same for whatever takes the name of a scenario."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "one.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)

    for command in ("explain", "observe"):
        assert main([command, name]) == 2
        assert capsys.readouterr().err.startswith(f"error: {says}")
