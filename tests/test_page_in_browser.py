"""The page as a person sees it, hears it and moves in it, in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import NoBrowserError, launch
from playwright.sync_api import (
    Browser,
    Dialog,
    Locator,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)
from written import cell, request, scenario, stage, write

from harness.report.page.draw import page as draw
from harness.report.page.gather import gather

SIGNED_IN: Final = {"auth_json": {"tokens": {"access_token": "access-0"}}, "mode": "0600"}
ACCOUNT: Final = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
SAID: Final = [
    {"at": 0.1, "sender": "host", "message": {"id": 1, "method": "account/read", "params": {}}},
    {"at": 0.2, "sender": "codex", "message": {"method": "warning", "params": {"text": "noise"}}},
    {"at": 0.3, "sender": "codex", "message": {"id": 1, "result": {"account": None}}},
]

THEMES_AND_WIDTHS: Final = [("light", 1280), ("dark", 400)]
VIEWS: Final = {
    "matrix": "#",
    "drift": "#view=drift",
    "signals": "#view=signals",
    "requests": "#view=requests",
    "evidence": "#scenario=expired&at=turn&on=2.0.0",
}
READY: Final = "#grid td:visible, .reading, .signals td, .ledger td, .empty:not(:text('Unpacking'))"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Drive browsers."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start the only browser of this process."""
    try:
        browser = launch(playwright)
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Draw a page of three states on two releases; return where it is."""
    directory = tmp_path_factory.mktemp("page")
    home = {**SIGNED_IN, "entries": ["auth.json"]}
    results: list[Any] = []
    for release in ("1.0.0", "2.0.0"):
        is_new = release == "2.0.0"
        turn = {"outcome": "failed", "message": "401"} if is_new else {"outcome": "completed"}
        results += [
            scenario("expired", "refresh", description="The token\nhas expired.\n\nIt is dead."),
            stage(
                "expired",
                release,
                transcript=SAID,
                requests=[request("POST /v1/responses", bearer="access-0", status=401)] * 2,
                before={**home, "entries": ["auth.json", "config.toml"]},
                after={**home, "auth_json": None},
                stderr="a line of Codex",
                endings=["codex app-server: exit 0"],
                seen_in="signed_in",
            ),
            cell("expired", "read", release, seen={"account": ACCOUNT}),
            cell(
                "expired",
                "turn",
                release,
                verdict="failed" if is_new else "passed",
                seen=turn,
                expected={"outcome": "completed"},
                differences=[{"field": "outcome", "expected": "completed", "seen": "failed"}]
                if is_new
                else [],
                text="--- expired: turn ---\nturn.outcome" if is_new else "",
            ),
            scenario("signed_in"),
            stage("signed_in", release, before=home, after=home),
            cell("signed_in", "read", release, seen={"account": ACCOUNT}),
            cell("signed_in", "cli_status", release, seen={"exit_code": 0, "text": "Logged in"}),
            scenario("too_new"),
            cell("too_new", release=release, verdict="passed" if is_new else "not applicable"),
        ]
    run = write(directory / "run.jsonl", *results, releases=["1.0.0", "2.0.0"])
    path = directory / "report.html"
    path.write_text(draw(gather([run])), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """Open the page; whatever it complains of fails the test."""
    with chromium.new_context(reduced_motion="reduce") as context:
        opened = context.new_page()
        complaints = listen(opened)
        opened.goto(address)
        yield opened
        assert complaints == []


def listen(page: Page) -> list[str]:
    """Return the list of what the page will complain of, or ask the network for."""
    complaints: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    def ask(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            complaints.append(request.url)

    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", dismiss)
    page.on("request", ask)
    return complaints


def look(page: Page, address: str, what: str) -> None:
    """Look at something else, as by a link."""
    page.goto("about:blank")
    page.goto(f"{address}{what}")
    page.locator(READY).first.wait_for()


def shown_rows(page: Page) -> list[str]:
    """Return the names of the scenarios that are shown."""
    rows = page.locator("#grid tr[data-scenario]:not(.inside):visible .id")
    return rows.all_inner_texts()


def focused(page: Page) -> Locator:
    """Return what has the focus."""
    return page.locator(":focus")


def test_matrix_is_a_grid_with_names(page: Page) -> None:
    """Rows, headers and cells, each mark in words, as a screen reader has them."""
    expect(page.get_by_role("grid")).to_match_aria_snapshot("""
      - grid "Verdicts by scenario and release":
        - rowgroup:
          - row:
            - columnheader "scenario"
            - columnheader "1.0.0"
            - columnheader "2.0.0"
        - rowgroup:
          - row:
            - rowheader "refresh/ 1 scenario ✗ 1" [expanded]
          - row:
            - rowheader "expired The token"
            - gridcell "as expected"
            - gridcell "not as expected, in turn, not what 1.0.0 does in 1 of 2 probes"
        - rowgroup:
          - row:
            - rowheader "stored/ 2 scenarios" [expanded]
          - row:
            - rowheader "signed_in The state signed_in."
            - gridcell "as expected"
            - gridcell "as expected"
          - row:
            - rowheader "too_new The state too_new."
            - gridcell "not applicable"
            - gridcell "as expected"
    """)
    expect(page.get_by_role("banner")).to_match_aria_snapshot("""
      - banner:
        - heading "Codex auth scenarios" [level=1]
        - 'button "Theme: as the system"'
        - navigation "Views"
        - search "Filters":
          - searchbox "State"
          - combobox "Probe"
          - combobox "Release"
          - combobox "Verdict"
          - checkbox "differs between releases"
          - status: 3 of 3 scenarios
    """)


def test_filters_stand_in_the_address(page: Page, address: str) -> None:
    """What is chosen goes there, and what stands there is chosen; how many are left is told."""
    page.get_by_label("State").fill("stored/")
    page.get_by_role("combobox", name="Release").select_option("1.0.0")

    expect(page.get_by_role("status")).to_have_text("2 of 3 scenarios")
    expect(page).to_have_url(f"{address}#q=stored%2F&release=1.0.0")
    expect(page.get_by_role("columnheader")).to_have_text(
        ["scenario", "read", "turn", "cli_status"]
    )
    page.get_by_role("rowheader", name="too_new").click()
    page.get_by_role("combobox", name="Release").select_option("2.0.0")
    expect(page.locator("tr.inside")).to_contain_text(["More about it."])

    for what, rows in {
        "#verdict=f": ["expired"],
        "#verdict=n": ["too_new"],
        "#differs=1": ["expired"],
        "#probe=cli_status": ["signed_in"],
        "#q=dead": ["expired"],
        "#release=9.9.9&probe=nothing": ["expired", "signed_in", "too_new"],
    }.items():
        look(page, address, what)
        assert (what, shown_rows(page)) == (what, rows)


def test_keys_lead_to_the_evidence_and_back(page: Page, address: str) -> None:
    """Arrows move in the grid, Enter opens, Escape closes and leaves the focus where it was.

    So does the Back of the browser.
    """
    page.locator("#grid td").first.focus()
    for key in ("Home", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("tr.inside")).to_have_count(3)
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)

    dialog = page.get_by_role("dialog", name="expired turn on Codex 2.0.0")
    expect(dialog).to_match_aria_snapshot("""
      - dialog "expired turn on Codex 2.0.0":
        - navigation "Release":
          - 'link "1.0.0: as expected"'
          - 'link "2.0.0: not as expected"'
        - navigation "Probe":
          - 'link "read: as expected"'
          - 'link "turn: not as expected"'
        - heading "Expected and seen"
        - table:
          - rowgroup
          - rowgroup:
            - row "outcome completed failed"
            - row "message left open 401"
        - heading "As the terminal says it"
        - heading "Run it again"
        - text: "nox -s scenarios -- -n 0 'expired::turn'"
        - button "Copy"
        - heading "Stage session 0.50 s, of which 1 Codex process computed 0.25 s"
        - paragraph: Seen in signed_in, which this stage cannot tell from this state.
        - heading "JSON-RPC"
        - heading "2 requests to the backend"
        - heading "The home, before and after"
        - heading "How its processes ended"
        - list:
          - listitem:
            - code: "codex app-server: exit 0"
        - heading "Standard error"
        - text: a line of Codex
    """)
    expect(dialog.locator(".transcript li:visible b")).to_have_text(
        ["account/read", "account/read result", *["POST /v1/responses"] * 2]
    )
    dialog.get_by_label("1 notification about other things").check()
    expect(dialog.get_by_text("warning", exact=True)).to_be_visible()

    dialog.get_by_role("link", name="read: as expected").press("Enter")
    expect(focused(page)).to_have_text("✓read")
    page.get_by_role("link", name="turn: not as expected").press("Enter")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(focused(page)).to_have_accessible_name("not as expected, not what 1.0.0 does")
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.go_back()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(f"{address}#")


def test_next_cell_opens_at_once(page: Page) -> None:
    """In the same moment as the last one is closed, before the browser tells of the close."""
    page.get_by_role("gridcell", name="not as expected").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()

    page.evaluate("""() => {
        document.getElementById("evidence").requestClose();
        document.activeElement.click();
    }""")
    # The event of the close is dispatched before the next frame is drawn.
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_other_views_compare(page: Page, address: str) -> None:
    """What changed between releases; who is signed in; who was asked what."""
    look(page, address, VIEWS["drift"])
    expect(page.get_by_role("status")).to_have_text("1 of 4 cells differ")
    expect(page.locator("dt")).to_have_text(["outcome", "message"])
    expect(page.locator("del")).to_have_text(["completed", "none"])
    expect(page.locator("ins")).to_have_text(["failed", "401"])

    look(page, address, VIEWS["signals"])
    expect(page.get_by_role("status")).to_have_text("2 states, in 1 the signals disagree")
    expect(page.get_by_role("table")).to_match_aria_snapshot("""
      - table:
        - rowgroup
        - rowgroup:
          - row:
            - rowheader "expired The token"
            - cell "1.0.0"
            - 'cell "signed in: ChatGPT tokens"'
            - cell "not tried"
            - 'cell "signed in: chatgpt, someone@example.com, pro"'
            - 'cell "signed in: completed"'
          - row:
            - cell "2.0.0"
            - 'cell "signed in: ChatGPT tokens"'
            - cell "not tried"
            - 'cell "signed in: chatgpt, someone@example.com, pro"'
            - 'cell "not signed in: 401"'
          - row:
            - rowheader "signed_in The state signed_in."
            - cell "1.0.0 to 2.0.0"
            - 'cell "signed in: ChatGPT tokens"'
            - 'cell "signed in: Logged in"'
            - 'cell "signed in: chatgpt, someone@example.com, pro"'
            - cell "not tried"
    """)

    look(page, address, VIEWS["requests"])
    page.get_by_role("button", name="POST /v1/responses").press("Enter")
    expect(page.locator(".ledger tbody tr")).to_have_text(
        ["POST /v1/responses22", "expired22"], use_inner_text=False
    )


@pytest.mark.parametrize(("theme", "width"), THEMES_AND_WIDTHS)
def test_nobody_is_kept_out(chromium: Browser, address: str, theme: Any, width: int) -> None:
    """Axe finds nothing serious in any view, and nothing is wider than the screen."""
    viewport: Any = {"width": width, "height": 800}
    found = {}
    with chromium.new_context(
        color_scheme=theme, reduced_motion="reduce", viewport=viewport
    ) as context:
        page = context.new_page()
        for view, what in VIEWS.items():
            look(page, address, what)
            if view == "evidence":
                page.get_by_role("dialog").wait_for()
            violations = (
                Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            )
            found[view] = [
                (one["id"], node["html"])
                for one in violations
                if one["impact"] in ("serious", "critical")
                for node in one["nodes"]
            ]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == {view: [] for view in VIEWS}


def test_theme_can_be_chosen(page: Page) -> None:
    """Light and dark whatever the system says, and it is remembered."""
    body = page.locator("html")
    for theme, colour in (("light", "rgb(252, 252, 250)"), ("dark", "rgb(19, 20, 23)")):
        page.get_by_role("button", name="Theme").click()
        expect(page.get_by_role("button", name=f"Theme: {theme}")).to_be_visible()
        expect(body).to_have_css("background-color", colour)
    page.reload()
    expect(body).to_have_css("background-color", "rgb(19, 20, 23)")


HOSTILE: Final = '</script><img src=x onerror="alert(1)"><script>alert(2)</script>'


def test_hostile_results_stay_text(chromium: Browser, tmp_path: Path) -> None:
    """In whatever member of the results: nothing runs, nothing is asked for, all is shown."""
    record = {HOSTILE: HOSTILE, "account": {"type": HOSTILE}}
    home = {"auth_json": HOSTILE, "mode": HOSTILE, "entries": [HOSTILE]}
    said = {"at": 1, "sender": "codex", "message": {"method": HOSTILE, "params": HOSTILE}}
    asked = request("GET /x", path=HOSTILE, bearer=HOSTILE, account_id=HOSTILE, body=HOSTILE)
    results = [
        one
        for release in (HOSTILE, "2.0.0")
        for one in (
            scenario(HOSTILE, HOSTILE, description=HOSTILE),
            stage(
                HOSTILE,
                release,
                transcript=[said],
                requests=[asked],
                before=home,
                after=home,
                stderr=HOSTILE,
            ),
            cell(
                HOSTILE,
                release=release,
                verdict="failed",
                seen={**record, "more": release},
                expected=record,
                differences=[{"field": HOSTILE, "expected": HOSTILE, "seen": HOSTILE}],
                text=HOSTILE,
                again=HOSTILE,
            ),
        )
    ]
    run = write(tmp_path / "run.jsonl", *results, releases=[HOSTILE, "2.0.0"])
    path = tmp_path / "report.html"
    path.write_text(draw(gather([run])), encoding="utf-8")

    with chromium.new_context() as context:
        page = context.new_page()
        complaints = listen(page)
        for what in ("#", "#view=drift", "#view=signals", "#view=requests"):
            look(page, path.as_uri(), what)
            expect(page.locator("main")).to_contain_text(HOSTILE)
        look(page, path.as_uri(), "#")
        page.locator("#grid td").first.click()
        expect(page.get_by_role("dialog").locator(".stage")).to_contain_text(HOSTILE)
        assert page.locator("img").count() == 0
    assert complaints == []


def test_missing_browser_is_one_clear_line(playwright: Playwright, tmp_path: Path) -> None:
    """Which says how to get one."""
    (tmp_path / "chromium").write_text("no program")

    with pytest.raises(NoBrowserError) as raised:
        launch(playwright, kept=tmp_path)

    (line,) = str(raised.value).splitlines()
    assert line.startswith("no Chromium for the page: ")
    assert line.endswith("; install it with: python tests/browser.py")
